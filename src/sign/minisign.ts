import { createHash, sign, verify } from "node:crypto";
import { fromBase64 } from "./base64.ts";
import { keyId, type PrivateKey, type PublicKey } from "./key.ts";

/** Signatures over the BLAKE2b-512 of the file, which minisign calls prehashed and makes by default. */
const algorithm = "ED";

/** Far more than nvlab writes; minisign itself reads trusted comments of up to 8 KiB. */
export const largestMinisig = 16 * 1024;

/** A signature file as jedisct1.github.io/minisign, "Signature format", has it. */
export interface Minisig {
  /** Hexadecimal as minisign prints it. Nothing signs it: a hint and no more. */
  readonly keyId: string;
  readonly signature: Buffer;
  /** Signed together with the signature by `globalSignature`. */
  readonly trustedComment: string;
  readonly globalSignature: Buffer;
}

const untrustedComment = (key: string): string => `untrusted comment: signature from nvlab key ${key}`;

/** Signs a file's content with a comment, which is one line. The same input gives the same text. */
export function signMinisign(content: Buffer, trustedComment: string, key: PrivateKey): string {
  const signature = sign(null, hashOf(content), key.object);
  const globalSignature = sign(null, commentBytes(signature, trustedComment), key.object);
  return renderMinisig({ keyId: keyId(key.publicKey), signature, trustedComment, globalSignature });
}

export function renderMinisig({ keyId: id, signature, trustedComment, globalSignature }: Minisig): string {
  const bytes = Buffer.concat([Buffer.from(algorithm), Buffer.from(id, "hex").reverse(), signature]);
  const lines = [
    untrustedComment(id),
    bytes.toString("base64"),
    `trusted comment: ${trustedComment}`,
    globalSignature.toString("base64"),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Reads a signature file in the one form in which nvlab writes it, of which no byte is free; undefined for any other text.
 */
export function parseMinisig(text: string): Minisig | undefined {
  const found = /^untrusted comment: [^\n]*\n([^\n]+)\ntrusted comment: ([^\n]*)\n([^\n]+)\n$/.exec(text);
  const bytes = fromBase64(found?.[1] ?? "");
  const globalSignature = fromBase64(found?.[3] ?? "");
  if (bytes?.length !== 74 || globalSignature?.length !== 64) return undefined;
  const minisig = {
    keyId: Buffer.from(bytes.subarray(2, 10)).reverse().toString("hex").toUpperCase(),
    signature: bytes.subarray(10),
    trustedComment: found?.[2] ?? "",
    globalSignature,
  };
  return renderMinisig(minisig) === text ? minisig : undefined;
}

/** Whether the key has signed this content. */
export function signedContent({ signature }: Minisig, content: Buffer, key: PublicKey): boolean {
  return verify(null, hashOf(content), key.object, signature);
}

/** Whether the key has made this signature with this comment, whatever content it is of. */
export function signedComment(minisig: Minisig, key: PublicKey): boolean {
  const bytes = commentBytes(minisig.signature, minisig.trustedComment);
  return verify(null, bytes, key.object, minisig.globalSignature);
}

function hashOf(content: Buffer): Buffer {
  return createHash("blake2b512").update(content).digest();
}

function commentBytes(signature: Buffer, trustedComment: string): Buffer {
  return Buffer.concat([signature, Buffer.from(trustedComment)]);
}
