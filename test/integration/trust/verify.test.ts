import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { composeProvenance } from "../../../src/attest/provenance.ts";
import type { Manifest } from "../../../src/release/manifest.ts";
import { signatureFiles } from "../../../src/release/signature-files.ts";
import { verifyRelease } from "../../../src/release/verify-release.ts";
import { renderVerifyTable } from "../../../src/release/verify-text.ts";
import { keyId } from "../../../src/sign/key.ts";
import { describeTrustFault, type TrustFault } from "../../../src/trust/fault.ts";
import { renderTrustReport } from "../../../src/trust/report-text.ts";
import { smallLock, temporaryFolder } from "../../support/project.ts";
import { sampleManifest } from "../../unit/release/sample.ts";
import {
  attest,
  builder,
  faultsOf,
  keys,
  policyOf,
  rebuildOf,
  reportOn,
  signed,
  trusted,
  write,
  writeSampleRelease,
} from "./release.ts";

let folder = "";
let manifest: Manifest;

beforeEach(() => {
  folder = join(temporaryFolder(), "release");
  manifest = writeSampleRelease(folder);
});

const names = signatureFiles().map(({ path }) => path);
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

describe("a signed release", () => {
  it("verifies with the key, and says who has signed and what they state", async () => {
    await signed(folder, keys.release, { expires: new Date("2027-06-30") });
    const report = await reportOn(folder);
    expect(report).toMatchObject({
      ok: true,
      signers: [{ name: "release", expires: "2027-06-30T00:00:00.000Z" }],
      attestations: [{ kind: "provenance", says: builder }],
      trustFaults: [],
    });
    const text = renderTrustReport(report);
    expect(text).toContain(`signed by release (${keyId(keys.release.publicKey)}), until 2027-06-30`);
    expect(text).toContain("Verified: 3 artifacts, 4 documents, no fault.");
  });

  it("signed again is the same, byte for byte", async () => {
    const written = await signed(folder, keys.release);
    const before = written.map(read);
    expect(await signed(folder, keys.release)).toEqual(written);
    expect(written.map(read)).toEqual(before);
  });

  it("without a key verifies as ever, and its signatures are said to be unchecked", async () => {
    await signed(folder, keys.release);
    const result = await verifyRelease(folder);
    if (!result.ok) throw new Error("not verified");
    expect(result.value).toMatchObject({
      ok: true,
      unchecked: [...names, "attestations/provenance.dsse.json"].sort(),
    });
    expect(renderVerifyTable(result.value)).toContain("not checked: 4 files of signatures");
  });

  it("may have several signers, none of whom disturbs another", async () => {
    await signed(folder, keys.release);
    await signed(folder, keys.second);
    await signed(folder, keys.release);
    const both = [trusted("release"), trusted("second")];
    expect(
      await faultsOf(folder, policyOf(both, { signers: { by: both, required: both, threshold: 2 } })),
    ).toEqual([]);
    expect(names.every((path) => read(path) !== "")).toBe(true);
  });
});

describe("each fault is its own", () => {
  it("no signature", async () => {
    const missing = names.map((path) => `signature-missing ${path}`);
    expect(await faultsOf(folder)).toEqual([...missing, "policy-threshold manifest.json"]);
  });

  it("an unknown key", async () => {
    await signed(folder, keys.stranger);
    const unknown = [...names, "attestations/provenance.dsse.json"].map((path) => `unknown-key ${path}`);
    expect((await faultsOf(folder)).sort()).toEqual([...unknown, "policy-threshold manifest.json"].sort());
  });

  it("an unknown key that claims the id of a known one", async () => {
    await signed(folder, keys.stranger);
    const stranger = keyId(keys.stranger.publicKey);
    const known = keyId(keys.release.publicKey);
    const envelope = read("attestations/provenance.dsse.json").replace(stranger, known);
    write(folder, "attestations/provenance.dsse.json", envelope);
    expect(await faultsOf(folder)).toContain("signature-wrong attestations/provenance.dsse.json");
  });

  it("a wrong signature", async () => {
    await signed(folder, keys.release);
    for (const path of names) {
      const before = read(path);
      const at = path.endsWith(".minisig") ? before.indexOf("\n") + 40 : 40;
      write(folder, path, before.slice(0, at) + (before[at] === "A" ? "B" : "A") + before.slice(at + 1));
      expect(await faultsOf(folder)).toContain(`signature-wrong ${path}`);
      write(folder, path, before);
    }
  });

  it("a damaged signature file", async () => {
    await signed(folder, keys.release);
    for (const path of names) {
      const before = read(path);
      write(folder, path, before.slice(0, -3));
      expect(await faultsOf(folder)).toContain(`signature-malformed ${path}`);
      write(folder, path, before);
    }
  });

  it("a valid signature over another file", async () => {
    await signed(folder, keys.release);
    cpSync(join(folder, "SHA256SUMS.minisig"), join(folder, "manifest.json.minisig"));
    expect((await reportOn(folder)).trustFaults).toContainEqual({
      kind: "signature-of-another-file",
      path: "manifest.json.minisig",
      of: "SHA256SUMS",
    });
  });

  it("a valid signature over another release", async () => {
    const other = join(temporaryFolder(), "other");
    writeSampleRelease(other, { releaseVersion: "1.1.0" });
    await signed(other, keys.release);
    await signed(folder, keys.release);
    cpSync(join(other, "manifest.json.minisig"), join(folder, "manifest.json.minisig"));
    expect((await reportOn(folder)).trustFaults).toContainEqual({
      kind: "signature-of-another-release",
      path: "manifest.json.minisig",
      of: "qemu-virt 1.1.0",
    });
  });

  it("an expired signature", async () => {
    await signed(folder, keys.release, { expires: new Date("2026-11-25T12:00:00Z") });
    const expired = names.slice(0, 2).map((path) => `signature-expired ${path}`);
    expect((await faultsOf(folder)).sort()).toEqual(["policy-threshold manifest.json", ...expired].sort());
    await signed(folder, keys.release, { expires: new Date("2026-11-25T12:00:01Z") });
    expect(await faultsOf(folder)).toEqual([]);
  });

  it("signatures that expire at different times", async () => {
    await signed(folder, keys.release, { expires: new Date("2027-01-01") });
    const early = read("SHA256SUMS.minisig");
    await signed(folder, keys.release, { expires: new Date("2028-01-01") });
    write(folder, "SHA256SUMS.minisig", early);
    expect(await faultsOf(folder)).toContain("signature-malformed SHA256SUMS.minisig");
  });

  it("an expired key", async () => {
    await signed(folder, keys.release);
    const faults = await faultsOf(folder, policyOf([trusted("release", new Date("2026-11-01"))]));
    expect(faults).toContain("key-expired manifest.json.minisig");
    expect(faults).toContain("key-expired attestations/provenance.dsse.json");
  });

  it("a signer's files under another's name", async () => {
    await signed(folder, keys.release);
    await signed(folder, keys.second);
    const id = keyId(keys.second.publicKey);
    renameSync(join(folder, `manifest.json.${id}.minisig`), join(folder, "manifest.json.minisig"));
    const faults = await faultsOf(folder, policyOf([trusted("release"), trusted("second")]));
    expect(faults).toContain("signer-misnamed SHA256SUMS.minisig");
    expect(faults).toContain(`signature-missing manifest.json.${id}.minisig`);
  });

  it("a signer whose signature is there twice", async () => {
    await signed(folder, keys.release);
    for (const { path } of signatureFiles(keyId(keys.release.publicKey))) {
      cpSync(join(folder, path.replace(/\.[0-9A-F]{16}/, "")), join(folder, path));
    }
    const faults = await faultsOf(folder);
    expect(faults.some((fault) => fault.startsWith("signer-misnamed"))).toBe(true);
  });

  it("a signature that is a link", async () => {
    await signed(folder, keys.release);
    renameSync(join(folder, "manifest.json.sig"), join(folder, "..", "sig"));
    symlinkSync("../sig", join(folder, "manifest.json.sig"));
    expect(await faultsOf(folder)).toContain("link manifest.json.sig");
  });

  it("what nvlab itself lays beside images, which nobody can check", async () => {
    await signed(folder, keys.release);
    for (const name of ["build-report.json", "test-results.json", "junit.xml"]) write(folder, name, "{}");
    write(folder, "logs/x.log", "");
    expect(await faultsOf(folder)).toEqual([
      "extra build-report.json",
      "extra junit.xml",
      "extra logs",
      "extra test-results.json",
    ]);
  });
});

describe("attestations", () => {
  it("have to be about this release, all of it", async () => {
    await signed(folder, keys.release);
    const [first, ...rest] = manifest.artifacts;
    const path = attest(folder, "reproduce", rebuildOf({ ...manifest, artifacts: rest }), keys.release);
    expect((await reportOn(folder)).trustFaults).toContainEqual({
      kind: "attestation-subject",
      path,
      name: first?.path,
      what: "absent",
    });
  });

  it("have to be the ones that the signer has signed for", async () => {
    const path = attest(folder, "reproduce", rebuildOf(manifest), keys.release);
    await signed(folder, keys.release);
    expect(await faultsOf(folder)).toEqual([]);
    attest(folder, "reproduce", rebuildOf(manifest, { different: ["fw_dynamic.bin"] }), keys.release);
    expect(await faultsOf(folder)).toEqual([`attestation-replaced ${path}`]);
    rmSync(join(folder, path));
    expect(await faultsOf(folder)).toEqual([`attestation-missing ${path}`]);
  });

  it("have to be where their kind belongs", async () => {
    const path = attest(folder, "reproduce", rebuildOf(manifest), keys.release);
    await signed(folder, keys.second);
    const both = policyOf([trusted("release"), trusted("second")]);
    const wrong = path.replace("reproduce", "test-result");
    renameSync(join(folder, path), join(folder, wrong));
    expect(await faultsOf(folder, both)).toEqual([`attestation-malformed ${wrong}`]);
    renameSync(join(folder, wrong), join(folder, path.replace(/[0-9A-F]{16}/, keyId(keys.second.publicKey))));
    expect((await faultsOf(folder, both))[0]).toMatch(/^signer-misnamed/);
  });

  it("of the provenance have to hold the provenance that lies in the folder", async () => {
    await signed(folder, keys.release);
    const provenance = composeProvenance({
      builder: "https://elsewhere.example.org",
      version: "0.1.0",
      manifest: sampleManifest(),
      lock: smallLock,
      root: "build",
      documents: [],
    });
    attest(folder, "provenance", provenance, keys.release);
    expect(await faultsOf(folder)).toContain("attestation-replaced attestations/provenance.dsse.json");
  });
});

describe("a policy", () => {
  const all = [trusted("release"), trusted("second"), trusted("rebuilder")];
  const [release, second, rebuilder] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];

  it("asks for signers and how many", async () => {
    await signed(folder, keys.release);
    const signers = { by: [release, second], required: [], threshold: 2 };
    expect(await faultsOf(folder, policyOf(all, { signers }))).toEqual(["policy-threshold manifest.json"]);
    const required = { by: all, required: [second], threshold: 1 };
    expect(await faultsOf(folder, policyOf(all, { signers: required }))).toEqual([
      "policy-signer manifest.json",
    ]);
    const others = { by: [second, rebuilder], required: [], threshold: 1 };
    expect(await faultsOf(folder, policyOf(all, { signers: others }))).toEqual([
      "policy-threshold manifest.json",
    ]);
  });

  it("asks for the target, and for no version below a floor", async () => {
    await signed(folder, keys.release);
    expect(await faultsOf(folder, policyOf(all, { target: "qemu-virt", minimumVersion: "1.2.0" }))).toEqual(
      [],
    );
    expect(await faultsOf(folder, policyOf(all, { target: "sifive", minimumVersion: "1.2.1" }))).toEqual([
      "policy-target manifest.json",
      "policy-version manifest.json",
    ]);
    expect(await faultsOf(folder, policyOf(all, { minimumVersion: "1.2.0-rc.1" }))).toEqual([]);
  });

  it("asks for the builder, as a signer of the release states it", async () => {
    await signed(folder, keys.release);
    expect(await faultsOf(folder, policyOf(all, { builder }))).toEqual([]);
    expect(await faultsOf(folder, policyOf(all, { builder: "https://elsewhere.example.org" }))).toEqual([
      "policy-builder manifest.json",
    ]);
    rmSync(join(folder, "attestations"), { recursive: true });
    expect(await faultsOf(folder, policyOf(all, { builder }))).toEqual([
      "attestation-missing attestations/provenance.dsse.json",
      "policy-builder manifest.json",
    ]);
  });

  it("asks for a rebuild that came out identical, by somebody who counts", async () => {
    await signed(folder, keys.release);
    const policy = policyOf(all, { reproduced: { by: [rebuilder], threshold: 1 } });
    expect(await faultsOf(folder, policy)).toEqual(["policy-reproduced manifest.json"]);
    attest(folder, "reproduce", rebuildOf(manifest), keys.release);
    expect(await faultsOf(folder, policy)).toEqual(["policy-reproduced manifest.json"]);
    attest(folder, "reproduce", rebuildOf(manifest, { different: ["fw_dynamic.bin"] }), keys.rebuilder);
    expect(await faultsOf(folder, policy)).toEqual(["policy-reproduced manifest.json"]);
    attest(folder, "reproduce", rebuildOf(manifest), keys.rebuilder);
    expect(await faultsOf(folder, policy)).toEqual([]);
  });
});

describe("hostile input", () => {
  it("names that leave the folder are faults, and nothing outside is read", async () => {
    await signed(folder, keys.release);
    const text = read("manifest.json").replace('"fw_dynamic.bin"', '"../../etc/passwd"');
    writeFileSync(join(folder, "manifest.json"), text);
    const faults = await faultsOf(folder);
    expect(faults).toContain("unsafe-path ../../etc/passwd");
    expect(faults).not.toContain("size ../../etc/passwd");
  });

  it("control characters in names and comments do not reach the terminal", async () => {
    await signed(folder, keys.stranger);
    write(folder, "\u001b[2J", "");
    write(folder, "attestations/\u001b]0;x\u0007.dsse.json", "");
    const text = renderTrustReport(await reportOn(folder));
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  it("a manifest that is no JSON leaves nothing to trust", async () => {
    await signed(folder, keys.release);
    writeFileSync(join(folder, "manifest.json"), "[".repeat(1_000_000));
    expect(await reportOn(folder)).toMatchObject({ ok: false, signers: [], attestations: [] });
    writeFileSync(join(folder, "manifest.json"), Buffer.from([0x7b, 0xff, 0x7d]));
    expect(await faultsOf(folder)).toEqual(["manifest-not-json manifest.json"]);
  });
});

it("there are words for every fault", () => {
  const path = "p";
  const faults: TrustFault[] = [
    { kind: "signature-missing", path },
    { kind: "signature-malformed", path, reason: "r" },
    { kind: "unknown-key", path },
    { kind: "unknown-key", path, claims: "X" },
    { kind: "signature-wrong", path },
    { kind: "signature-of-another-file", path, of: "o" },
    { kind: "signature-of-another-release", path, of: "o" },
    { kind: "signature-expired", path, expired: "e" },
    { kind: "signer-misnamed", path, signer: "s" },
    { kind: "key-expired", path, signer: "s", expired: "e" },
    { kind: "attestation-malformed", path, reason: "r" },
    { kind: "attestation-missing", path, signer: "s" },
    { kind: "attestation-replaced", path, signer: "s" },
    { kind: "attestation-subject", path, name: "n", what: "strange" },
    { kind: "attestation-subject", path, name: "n", what: "other" },
    { kind: "attestation-subject", path, name: "n", what: "absent" },
    { kind: "attestation-of-another-release", path, of: "o" },
    { kind: "policy-threshold", path, needed: 2, found: 1 },
    { kind: "policy-signer", path, signer: "s" },
    { kind: "policy-target", path, wanted: "w", found: "f" },
    { kind: "policy-version", path, wanted: "w", found: "f" },
    { kind: "policy-builder", path, wanted: "w", found: "f" },
    { kind: "policy-reproduced", path, needed: 2, found: 1 },
    { kind: "policy-tested", path, found: "none" },
  ];
  const words = faults.map(describeTrustFault);
  expect(new Set(words).size).toBe(faults.length);
  for (const word of words) expect(word).toMatch(/^\S.*\S$/);
});
