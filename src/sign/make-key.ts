import { generateKeyPairSync } from "node:crypto";
import { lstat, writeFile } from "node:fs/promises";
import { failed, ok, type Result } from "../failure/result.ts";
import { encryptedKeyPem } from "./encrypt-key.ts";
import { keyId, publicKeyOf, type PrivateKey } from "./key.ts";
import { renderMinisignKey } from "./minisign-key.ts";

/** A fresh Ed25519 key. */
export function makeKey(): PrivateKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = publicKeyOf(privateKey);
  if (!publicKey) throw new Error("generateKeyPairSync gave another kind of key");
  return { object: privateKey, publicKey };
}

export interface WrittenKey {
  readonly id: string;
  readonly encrypted: boolean;
  /** Paths: PEM of PKCS#8; PEM of SubjectPublicKeyInfo; minisign's form of the public key. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly minisign: string;
}

/** OpenSSL takes no longer passphrase when it reads a key, in bytes. */
const longestPassphrase = 1024;

/**
 * Writes a key as PREFIX.key (mode 0600), PREFIX.pub.pem and PREFIX.pub. Overwrites nothing: NVLAB_KEY_EXISTS. Fails with
 * NVLAB_KEY where the folder cannot be written, and with NVLAB_PASSPHRASE where nothing could read the key again.
 */
export async function writeKey(
  key: PrivateKey,
  prefix: string,
  passphrase: string | undefined,
): Promise<Result<WrittenKey>> {
  const { object } = key.publicKey;
  if (Buffer.byteLength(passphrase ?? "") > longestPassphrase) {
    return failed({
      code: "NVLAB_PASSPHRASE",
      message: `the passphrase is too long: OpenSSL takes ${longestPassphrase} bytes`,
    });
  }
  const files = [
    { path: `${prefix}.key`, mode: 0o600, text: privatePem(key, passphrase) },
    {
      path: `${prefix}.pub.pem`,
      mode: 0o644,
      text: object.export({ format: "pem", type: "spki" }).toString(),
    },
    { path: `${prefix}.pub`, mode: 0o644, text: renderMinisignKey(key.publicKey) },
  ];
  for (const { path } of files) {
    if ((await lstat(path).catch(() => undefined)) !== undefined) return exists(path);
  }
  for (const { path, mode, text } of files) {
    try {
      await writeFile(path, text, { flag: "wx", mode });
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      if (error.code === "EEXIST") return exists(path);
      return failed({ code: "NVLAB_KEY", message: `${path} cannot be written (${String(error.code)})` });
    }
  }
  return ok({
    id: keyId(key.publicKey),
    encrypted: passphrase !== undefined,
    privateKey: `${prefix}.key`,
    publicKey: `${prefix}.pub.pem`,
    minisign: `${prefix}.pub`,
  });
}

function privatePem({ object }: PrivateKey, passphrase: string | undefined): string {
  if (passphrase === undefined) return object.export({ format: "pem", type: "pkcs8" }).toString();
  return encryptedKeyPem(object.export({ format: "der", type: "pkcs8" }), passphrase);
}

function exists(path: string): Result<never> {
  return failed({
    code: "NVLAB_KEY_EXISTS",
    message: `${path} is there already, and a key is never overwritten`,
    hint: "give another prefix with --out, or move the old key away",
  });
}
