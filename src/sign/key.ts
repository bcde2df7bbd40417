import { createHash, createPublicKey, type KeyObject } from "node:crypto";

/** An Ed25519 public key (RFC 8032). */
export interface PublicKey {
  readonly object: KeyObject;
  /** The 32 bytes of the key itself. */
  readonly raw: Buffer;
}

/** An Ed25519 private key with its public half. */
export interface PrivateKey {
  readonly object: KeyObject;
  readonly publicKey: PublicKey;
}

/**
 * What names a key in file names and messages: the first 8 bytes of the SHA-256 of the raw key, as 16 upper-case
 * hexadecimal digits, which is how minisign prints the id in the files that nvlab writes for it. An id proves nothing.
 */
export function keyId(key: PublicKey): string {
  return createHash("sha256").update(key.raw).digest("hex").slice(0, 16).toUpperCase();
}

export function samePublicKey(one: PublicKey, other: PublicKey): boolean {
  return one.raw.equals(other.raw);
}

/** Undefined where it is a key of another kind than Ed25519. */
export function publicKeyOf(object: KeyObject): PublicKey | undefined {
  if (object.asymmetricKeyType !== "ed25519") return undefined;
  const half = object.type === "private" ? createPublicKey(object) : object;
  const { x = "" } = half.export({ format: "jwk" });
  return { object: half, raw: Buffer.from(x, "base64url") };
}

/** The prefix of an Ed25519 SubjectPublicKeyInfo in DER (RFC 8410, section 10.1); the raw key follows it. */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** `raw` has 32 bytes. */
export function publicKeyFromRaw(raw: Buffer): PublicKey {
  const object = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: "der", type: "spki" });
  return { object, raw };
}
