import { createPrivateKey, createPublicKey } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { publicKeyOf, type PrivateKey, type PublicKey } from "./key.ts";
import { parseMinisignKey } from "./minisign-key.ts";

/** Asked only where a key is encrypted. */
export type AskPassphrase = () => Promise<Result<string>>;

/** No key file is larger; whatever is, is not read. */
const largestKeyFile = 16 * 1024;

/**
 * Reads an Ed25519 private key: PEM of PKCS#8 (RFC 5958), maybe encrypted. Failures: NVLAB_KEY_EXPOSED where others
 * may read the file, NVLAB_PASSPHRASE, NVLAB_KEY for all else.
 */
export async function readPrivateKey(path: string, ask?: AskPassphrase): Promise<Result<PrivateKey>> {
  const file = await readKeyFile(path);
  if (!file.ok) return file;
  const { text, mode } = file.value;
  const encrypted = text.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  if (!encrypted && !text.includes("-----BEGIN PRIVATE KEY-----")) {
    return wrongKey(path, "is no private key", "give the file that `nvlab keygen` called PREFIX.key");
  }
  if ((mode & 0o077) !== 0) {
    return failed({
      code: "NVLAB_KEY_EXPOSED",
      message: `${path} is a private key that others on this machine may read (mode ${(mode & 0o777).toString(8)})`,
      hint: `chmod 600 ${path}, and make a new key where somebody may have read this one`,
    });
  }
  if (!encrypted) return privateKey(path, text, undefined);
  const passphrase = await ask?.();
  if (passphrase === undefined) return failed(passphraseFailure(path, "is needed"));
  return passphrase.ok ? privateKey(path, text, passphrase.value) : passphrase;
}

function privateKey(path: string, text: string, passphrase: string | undefined): Result<PrivateKey> {
  try {
    const object = createPrivateKey({
      key: text,
      format: "pem",
      ...(passphrase !== undefined && { passphrase }),
    });
    const publicKey = publicKeyOf(object);
    if (publicKey) return ok({ object, publicKey });
    return wrongKey(path, `is a key of ${object.asymmetricKeyType ?? "an unknown kind"}, not of Ed25519`);
  } catch {
    return passphrase === undefined
      ? wrongKey(path, "is no PEM of PKCS#8")
      : failed(passphraseFailure(path, "is not this one"));
  }
}

/** Reads an Ed25519 public key: PEM of SubjectPublicKeyInfo, or a public key file of minisign. Fails with NVLAB_KEY. */
export async function readPublicKey(path: string): Promise<Result<PublicKey>> {
  const file = await readKeyFile(path);
  return file.ok ? parsePublicKey(file.value.text, path) : file;
}

/** `path` is what failures call the key. */
export function parsePublicKey(text: string, path: string): Result<PublicKey> {
  if (text.includes("PRIVATE KEY-----")) {
    return wrongKey(path, "is a private key", "give the public one beside it, and keep this one to yourself");
  }
  if (!text.includes("-----BEGIN PUBLIC KEY-----")) {
    const key = parseMinisignKey(text);
    if (key) return ok(key);
    return wrongKey(path, "is no public key", "give a PEM file, or a public key file of minisign");
  }
  try {
    const object = createPublicKey({ key: text, format: "pem" });
    const key = publicKeyOf(object);
    if (key) return ok(key);
    return wrongKey(path, `is a key of ${object.asymmetricKeyType ?? "an unknown kind"}, not of Ed25519`);
  } catch {
    return wrongKey(path, "is a broken PEM file");
  }
}

async function readKeyFile(path: string): Promise<Result<{ text: string; mode: number }>> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > largestKeyFile) return wrongKey(path, "is no key file");
      return ok({ text: await file.readFile("latin1"), mode: stat.mode });
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = error.code === "ENOENT" ? "is not there" : `cannot be read (${String(error.code)})`;
    return wrongKey(path, reason, "`nvlab keygen` makes a pair of keys");
  }
}

function wrongKey(path: string, what: string, hint?: string): Result<never> {
  return failed({ code: "NVLAB_KEY", message: `${path} ${what}`, ...(hint !== undefined && { hint }) });
}

function passphraseFailure(path: string, what: string): Failure {
  return {
    code: "NVLAB_PASSPHRASE",
    message: `${path} is encrypted, and its passphrase ${what}`,
    hint: "set NVLAB_KEY_PASSPHRASE, or run this at a terminal to be asked",
  };
}
