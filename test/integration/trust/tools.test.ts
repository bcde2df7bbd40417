import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { makeKey, writeKey } from "../../../src/sign/make-key.ts";
import { readPrivateKey } from "../../../src/sign/read-key.ts";
import { ok } from "../../../src/failure/result.ts";
import { temporaryFolder } from "../../support/project.ts";
import { testRoot } from "../../support/root.ts";
import { attest, keys, rebuildOf, signed, write, writeSampleRelease } from "./release.ts";

const at = { release: "/release", keys: "/keys" };

let place = "";

beforeEach(async () => {
  place = temporaryFolder();
  mkdirSync(join(place, "keys"));
  const manifest = writeSampleRelease(join(place, "release"));
  attest(join(place, "release"), "reproduce", rebuildOf(manifest), keys.release);
  await signed(join(place, "release"), keys.release, { expires: new Date("2099-01-01") });
  await signed(join(place, "release"), keys.second);
  await writeKey(keys.release, join(place, "keys/release"), undefined);
  await writeKey(keys.second, join(place, "keys/second"), undefined);
});

/** Runs a script in the check root, with the release and the keys, without network; the value is its end and words. */
async function run(script: string): Promise<{ status: number; said: string }> {
  const lines: string[] = [];
  const ended = await runSandboxed(
    {
      root: await testRoot("check"),
      mounts: [
        { host: join(place, "release"), at: at.release, writable: false },
        { host: join(place, "keys"), at: at.keys, writable: false },
      ],
      environment: { ...baseEnvironment(0), HOME: "/tmp" },
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", script],
      cwd: at.release,
    },
    { log: join(place, "log"), onLine: (line) => lines.push(line) },
  );
  if (!ended.ok) throw new Error(JSON.stringify(ended.failures));
  return { status: ended.value.status, said: lines.join("\n") };
}

function alter(path: string): void {
  const file = join(place, "release", path);
  const before = readFileSync(file, "utf8");
  writeFileSync(file, before.replace("1.2.0", "1.2.1"));
  expect(readFileSync(file, "utf8")).not.toBe(before);
}

describe("people without nvlab check a release", () => {
  it("with sha256sum", async () => {
    const { status, said } = await run("sha256sum --strict -c SHA256SUMS");
    expect(said).toContain("fw_dynamic.bin: OK");
    expect(said).toContain("manifest.json: OK");
    expect(status).toBe(0);
  });

  it("with Debian's minisign: manifest and SHA256SUMS, of each signer", async () => {
    const good = await run(`minisign -V -p /keys/release.pub -m manifest.json
minisign -V -p /keys/release.pub -m SHA256SUMS
minisign -V -p /keys/second.pub -m manifest.json -x manifest.json.????????????????.minisig
minisign -V -p /keys/second.pub -m SHA256SUMS -x SHA256SUMS.????????????????.minisig`);
    expect(good.said.match(/Signature and comment signature verified/g)).toHaveLength(4);
    expect(good.said).toMatch(/Trusted comment: file:manifest\.json\thashed\trelease:1\.2\.0/);
    expect(good.status).toBe(0);
    expect((await run("minisign -V -p /keys/second.pub -m manifest.json")).status).not.toBe(0);
    alter("manifest.json");
    const bad = await run("minisign -V -p /keys/release.pub -m manifest.json");
    expect(bad).toMatchObject({
      status: 1,
      said: expect.stringContaining("Signature verification failed") as string,
    });
  });

  it("with Debian's cosign: the manifest, of each signer, without network", async () => {
    const verify = (key: string, signature: string) =>
      run(
        `cosign verify-blob --key /keys/${key}.pub.pem --signature ${signature} --insecure-ignore-tlog manifest.json`,
      );
    expect(await verify("release", "manifest.json.sig")).toMatchObject({
      status: 0,
      said: expect.stringContaining("Verified OK") as string,
    });
    expect((await verify("second", "manifest.json.????????????????.sig")).said).toContain("Verified OK");
    expect((await verify("second", "manifest.json.sig")).status).not.toBe(0);
    alter("manifest.json");
    expect((await verify("release", "manifest.json.sig")).said).not.toContain("Verified OK");
  });

  it("with openssl: the manifest, and the pre-authentication encoding of an attestation", async () => {
    const script = `envelope=attestations/reproduce.*.dsse.json
perl -ne 'print $1 if /"sig": "(.*)"/' $envelope | base64 -d > /tmp/sig
perl -ne 'print $1 if /"payload": "(.*)"/' $envelope | base64 -d > /tmp/payload
{ printf 'DSSEv1 28 application/vnd.in-toto+json %s ' $(stat -c %s /tmp/payload); cat /tmp/payload; } > /tmp/signed
openssl pkeyutl -verify -pubin -inkey /keys/release.pub.pem -rawin -in /tmp/signed -sigfile /tmp/sig
base64 -d manifest.json.sig > /tmp/sig
openssl pkeyutl -verify -pubin -inkey /keys/release.pub.pem -rawin -in manifest.json -sigfile /tmp/sig`;
    const { status, said } = await run(script);
    expect(said.match(/Signature Verified Successfully/g)).toHaveLength(2);
    expect(status).toBe(0);
    alter("manifest.json");
    expect((await run(script)).status).not.toBe(0);
  });

  it("with Debian's cosign: an attestation", async () => {
    const verify =
      "cosign verify-blob-attestation --key /keys/release.pub.pem --insecure-ignore-tlog --type slsaprovenance1";
    const script = `${verify} --signature attestations/provenance.dsse.json fw_dynamic.bin`;
    // cosign looks at one signature of an envelope.
    rmSync(join(place, "release/attestations/provenance.dsse.json"));
    await signed(join(place, "release"), keys.release);
    expect(await run(script)).toMatchObject({
      status: 0,
      said: expect.stringContaining("Verified OK") as string,
    });
    write(join(place, "release"), "fw_dynamic.bin", "firmware of somebody else");
    expect((await run(script)).status).not.toBe(0);
  });
});

it("a key that nvlab encrypted is one that Debian's openssl decrypts, and the other way round", async () => {
  const key = makeKey();
  await writeKey(key, join(place, "keys/mine"), "open sesame");
  const { said } = await run(
    "openssl pkey -in /keys/mine.key -passin 'pass:open sesame' -pubout; cat /keys/mine.pub.pem",
  );
  const [shown, written] = said.split("-----END PUBLIC KEY-----");
  expect(shown?.trim()).toBe(written?.trim());
  const pem = await run("openssl genpkey -algorithm ed25519 -aes256 -pass pass:theirs");
  const file = join(place, "keys/theirs.key");
  writeFileSync(file, `${pem.said}\n`, { mode: 0o600 });
  expect((await readPrivateKey(file, () => Promise.resolve(ok("theirs")))).ok).toBe(true);
});
