import { fromBase64 } from "./base64.ts";
import { keyId, publicKeyFromRaw, type PublicKey } from "./key.ts";

/** Ed25519, in key files and in signatures over the file itself (minisign's "legacy" ones). */
const algorithm = "Ed";

/** The 8 bytes of a key id as minisign stores it: it prints them as a number, the last byte first. */
export function keyIdBytes(key: PublicKey): Buffer {
  return Buffer.from(keyId(key), "hex").reverse();
}

/** A public key file as minisign writes and reads it (jedisct1.github.io/minisign, "Public key format"). */
export function renderMinisignKey(key: PublicKey): string {
  const bytes = Buffer.concat([Buffer.from(algorithm), keyIdBytes(key), key.raw]);
  return `untrusted comment: minisign public key ${keyId(key)}\n${bytes.toString("base64")}\n`;
}

/** A public key file of minisign, or only its second line; undefined for anything else. */
export function parseMinisignKey(text: string): PublicKey | undefined {
  const lines = text.trim().split(/\r?\n/);
  if (lines.length > 1 && !lines[0]?.startsWith("untrusted comment:")) return undefined;
  const bytes = fromBase64(lines[lines.length === 1 ? 0 : 1] ?? "");
  if (lines.length > 2 || bytes?.length !== 42) return undefined;
  if (bytes.subarray(0, 2).toString("latin1") !== algorithm) return undefined;
  return publicKeyFromRaw(Buffer.from(bytes.subarray(10)));
}
