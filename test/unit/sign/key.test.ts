import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ok, type Result } from "../../../src/failure/result.ts";
import { encryptedKeyPem } from "../../../src/sign/encrypt-key.ts";
import { keyId } from "../../../src/sign/key.ts";
import { makeKey, writeKey } from "../../../src/sign/make-key.ts";
import { parsePublicKey, readPrivateKey, readPublicKey } from "../../../src/sign/read-key.ts";
import { temporaryFolder } from "../../support/project.ts";

const typed = (passphrase: string) => () => Promise.resolve(ok(passphrase));

function codes(result: Result<unknown>): string {
  return result.ok ? "ok" : result.failures.map(({ code, message }) => `${code}: ${message}`).join("\n");
}

async function written(passphrase?: string): Promise<string> {
  const prefix = join(temporaryFolder(), "k");
  expect(codes(await writeKey(makeKey(), prefix, passphrase))).toBe("ok");
  return prefix;
}

describe("a pair of keys", () => {
  it("is written as PEM and for minisign, and read again from each", async () => {
    const prefix = await written();
    expect(statSync(`${prefix}.key`).mode & 0o777).toBe(0o600);
    const [key, pem, minisign] = [
      await readPrivateKey(`${prefix}.key`),
      await readPublicKey(`${prefix}.pub.pem`),
      await readPublicKey(`${prefix}.pub`),
    ];
    if (!key.ok || !pem.ok || !minisign.ok) throw new Error([key, pem, minisign].map(codes).join());
    expect(pem.value.raw).toEqual(key.value.publicKey.raw);
    expect(minisign.value.raw).toEqual(key.value.publicKey.raw);
    const signature = sign(null, Buffer.from("x"), key.value.object);
    expect(verify(null, Buffer.from("x"), minisign.value.object, signature)).toBe(true);
    expect(readFileSync(`${prefix}.pub`, "utf8")).toContain(keyId(pem.value));
  });

  it("is not written over another, whichever of its files is there", async () => {
    for (const name of ["k.key", "k.pub.pem", "k.pub"]) {
      const folder = temporaryFolder({ [name]: "mine" });
      expect(codes(await writeKey(makeKey(), join(folder, "k"), undefined))).toMatch(
        /^NVLAB_KEY_EXISTS: .*k\./,
      );
      expect(readdirSync(folder)).toEqual([name]);
    }
    const folder = temporaryFolder();
    symlinkSync("nowhere", join(folder, "k.key"));
    expect(codes(await writeKey(makeKey(), join(folder, "k"), undefined))).toMatch(/^NVLAB_KEY_EXISTS/);
    expect(codes(await writeKey(makeKey(), join(folder, "no/k"), undefined))).toMatch(/^NVLAB_KEY: .*ENOENT/);
  });

  it("can be encrypted, and the passphrase is asked for only then", async () => {
    const prefix = await written("open sesame");
    expect(codes(await readPrivateKey(`${prefix}.key`, typed("open sesame")))).toBe("ok");
    expect(codes(await readPrivateKey(`${prefix}.key`, typed("wrong")))).toMatch(
      /^NVLAB_PASSPHRASE: .*is not this/,
    );
    expect(codes(await readPrivateKey(`${prefix}.key`))).toMatch(/^NVLAB_PASSPHRASE: .*is needed/);
    expect(readFileSync(`${prefix}.key`, "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    const plain = await written();
    const asked = () => Promise.reject(new Error("asked"));
    expect(codes(await readPrivateKey(`${plain}.key`, asked))).toBe("ok");
  });

  it("is not encrypted with a passphrase that nothing would read it with again", async () => {
    const folder = temporaryFolder();
    const result = await writeKey(makeKey(), join(folder, "k"), "long".repeat(256) + "r");
    expect(codes(result)).toMatch(/^NVLAB_PASSPHRASE: .*too long/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("encrypted, is what OpenSSL reads, whatever the passphrase", () => {
    const { object, publicKey } = makeKey();
    const der = object.export({ format: "der", type: "pkcs8" });
    for (const passphrase of ["x", "\u00fcmlaut \u{1f511}", "long".repeat(256)]) {
      const key = createPrivateKey({ key: encryptedKeyPem(der, passphrase), passphrase });
      expect(createPublicKey(key).equals(publicKey.object)).toBe(true);
    }
  });
});

describe("a key file is refused", () => {
  it("that others may read, in whatever way", async () => {
    const prefix = await written();
    for (const mode of [0o640, 0o604, 0o620, 0o601, 0o644]) {
      chmodSync(`${prefix}.key`, mode);
      expect(codes(await readPrivateKey(`${prefix}.key`))).toMatch(
        new RegExp(`^NVLAB_KEY_EXPOSED: .*mode ${mode.toString(8)}`),
      );
    }
    chmodSync(`${prefix}.key`, 0o400);
    expect(codes(await readPrivateKey(`${prefix}.key`))).toBe("ok");
  });

  it("that is the other half", async () => {
    const prefix = await written();
    expect(codes(await readPublicKey(`${prefix}.key`))).toMatch(/^NVLAB_KEY: .*is a private key/);
    expect(codes(await readPrivateKey(`${prefix}.pub.pem`))).toMatch(/^NVLAB_KEY: .*is no private key/);
  });

  it("that is of another kind than Ed25519", async () => {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const folder = temporaryFolder();
    const pem = pair.privateKey.export({ format: "pem", type: "pkcs8" });
    writeFileSync(join(folder, "ec.key"), pem, { mode: 0o600 });
    expect(codes(await readPrivateKey(join(folder, "ec.key")))).toMatch(/^NVLAB_KEY: .*is a key of ec/);
    const spki = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
    expect(codes(parsePublicKey(spki, "it"))).toBe("NVLAB_KEY: it is a key of ec, not of Ed25519");
  });

  it("that is no key, too large, a folder, or not there", async () => {
    const folder = temporaryFolder({
      empty: "",
      words: "no key\n",
      large: "x".repeat(20_000),
      broken: "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n",
      "half.key": "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ\n-----END PRIVATE KEY-----\n",
      short: "untrusted comment: minisign public key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvW\n",
    });
    chmodSync(join(folder, "half.key"), 0o600);
    mkdirSync(join(folder, "folder"));
    for (const name of ["empty", "words", "large", "broken", "short", "folder", "nowhere"]) {
      expect(codes(await readPublicKey(join(folder, name)))).toMatch(/^NVLAB_KEY: /);
      expect(codes(await readPrivateKey(join(folder, name)))).toMatch(/^NVLAB_KEY: /);
    }
    expect(codes(await readPrivateKey(join(folder, "half.key")))).toMatch(/^NVLAB_KEY: .*no PEM of PKCS#8/);
  });
});
