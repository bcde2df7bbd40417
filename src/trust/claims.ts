import type { Manifest } from "../release/manifest.ts";
import type { SignatureFile } from "../release/signature-files.ts";
import { keyId } from "../sign/key.ts";
import type { SignedFields } from "../sign/trusted-comment.ts";
import type { TrustedKey } from "./policy.ts";

/** What signatures are judged by. */
export interface Surroundings {
  readonly manifest: Manifest;
  /** Bytes of manifest.json and SHA256SUMS by name. */
  readonly signed: ReadonlyMap<string, Buffer>;
  readonly keys: readonly TrustedKey[];
  readonly now: Date;
}

/** A signature file of a release with its text; undefined where it is too large, no plain file or not UTF-8. */
export interface ReadSignature extends SignatureFile {
  readonly text: string | undefined;
}

/** A signature that a given key has really made over the file whose name it has. */
export interface GoodSignature extends SignatureFile {
  readonly signer: TrustedKey;
  /** Of a minisign signature. */
  readonly fields?: SignedFields;
}

export function signedBytes({ signed }: Pick<Surroundings, "signed">, of: string): Buffer {
  return signed.get(of) ?? Buffer.alloc(0);
}

export function isExpired(expires: Date | undefined, now: Date): boolean {
  return expires !== undefined && now.getTime() >= expires.getTime();
}

/** Whether an id that nothing signs is that of a given key: it decides only how a fault is worded. */
export function claimsKnownKey(claimed: string | undefined, keys: readonly TrustedKey[]): boolean {
  return claimed !== undefined && keys.some(({ key }) => keyId(key) === claimed);
}

/** "the name (key id)", as faults and reports name a signer. */
export function signerName({ name, key }: TrustedKey): string {
  return name === keyId(key) ? name : `${name} (${keyId(key)})`;
}
