import { sign, verify } from "node:crypto";
import { z } from "zod";
import { fromBase64 } from "./base64.ts";
import { keyId, type PrivateKey, type PublicKey } from "./key.ts";

const Base64 = z.string().refine((text) => fromBase64(text) !== undefined, "canonical base64");

/**
 * A Dead Simple Signing Envelope (DSSE v1.0.2, envelope.md). It is read as strictly as nvlab writes it: no other
 * members, because nothing signs them.
 */
export const Envelope = z.strictObject({
  payloadType: z.string().min(1).max(256),
  payload: Base64,
  signatures: z
    .array(z.strictObject({ keyid: z.string().max(256), sig: Base64 }))
    .min(1)
    .max(64),
});
export type Envelope = z.output<typeof Envelope>;

export const statementPayloadType = "application/vnd.in-toto+json";

/** What is signed: DSSE's pre-authentication encoding (protocol.md, "Signature Definition"). Lengths are in bytes. */
export function preAuthenticationEncoding(payloadType: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export function signEnvelope(payloadType: string, payload: Buffer, key: PrivateKey): Envelope {
  const sig = sign(null, preAuthenticationEncoding(payloadType, payload), key.object).toString("base64");
  return {
    payloadType,
    payload: payload.toString("base64"),
    signatures: [{ keyid: keyId(key.publicKey), sig }],
  };
}

/** The same payload with the signatures of both, sorted; a key's later signature replaces its earlier one. */
export function joinSignatures(earlier: Envelope, later: Envelope): Envelope {
  const kept = earlier.signatures.filter(
    ({ keyid }) => !later.signatures.some((signature) => signature.keyid === keyid),
  );
  const signatures = [...kept, ...later.signatures].sort((a, b) => (a.keyid < b.keyid ? -1 : 1));
  return { ...later, signatures };
}

/** The one text of an envelope. */
export function renderEnvelope({ payloadType, payload, signatures }: Envelope): string {
  const ordered = { payloadType, payload, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

export interface VerifiedEnvelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  /** For each signature, in their order, the key that made it; undefined where none of the given keys did. */
  readonly signers: readonly (PublicKey | undefined)[];
}

/** Tries every key on every signature: the keyid, which nothing signs, decides nothing. */
export function verifyEnvelope(envelope: Envelope, keys: readonly PublicKey[]): VerifiedEnvelope {
  const payload = Buffer.from(envelope.payload, "base64");
  const signed = preAuthenticationEncoding(envelope.payloadType, payload);
  const signers = envelope.signatures.map(({ sig }) => {
    const signature = Buffer.from(sig, "base64");
    return keys.find((key) => verify(null, signed, key.object, signature));
  });
  return { payloadType: envelope.payloadType, payload, signers };
}
