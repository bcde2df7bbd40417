import { verify } from "node:crypto";
import { fromBase64 } from "../sign/base64.ts";
import {
  claimsKnownKey,
  signedBytes,
  type GoodSignature,
  type ReadSignature,
  type Surroundings,
} from "./claims.ts";
import type { Judged } from "./check-minisig.ts";
import type { PublicKey } from "../sign/key.ts";

/**
 * Judges a bare signature, base64 in one line. Nothing in it says whose it is: `hint` is the key id that the minisign
 * signature beside it claims.
 */
export function checkRaw(
  file: ReadSignature,
  hint: string | undefined,
  around: Surroundings,
): Judged<GoodSignature> {
  const { path, of, text } = file;
  const signature = text?.endsWith("\n") === true ? fromBase64(text.slice(0, -1)) : undefined;
  if (signature?.length !== 64) {
    return { faults: [{ kind: "signature-malformed", path, reason: "its form" }] };
  }
  const fits = (bytes: Buffer, key: PublicKey): boolean => verify(null, bytes, key.object, signature);
  const signer = around.keys.find(({ key }) => fits(signedBytes(around, of), key));
  if (signer) return { good: { ...file, signer }, faults: [] };
  const another = [...around.signed].find(
    ([name, bytes]) => name !== of && around.keys.some(({ key }) => fits(bytes, key)),
  );
  if (another) return { faults: [{ kind: "signature-of-another-file", path, of: another[0] }] };
  if (claimsKnownKey(file.keyId ?? hint, around.keys)) return { faults: [{ kind: "signature-wrong", path }] };
  return { faults: [{ kind: "unknown-key", path }] };
}
