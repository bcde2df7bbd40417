import { keyId } from "../sign/key.ts";
import { parseMinisig, signedComment, signedContent, type Minisig } from "../sign/minisign.ts";
import { parseTrustedComment } from "../sign/trusted-comment.ts";
import {
  claimsKnownKey,
  signedBytes,
  type GoodSignature,
  type ReadSignature,
  type Surroundings,
} from "./claims.ts";
import type { TrustFault } from "./fault.ts";

export type Judged<T> =
  | { readonly good: T; readonly faults: readonly TrustFault[] }
  | { readonly good?: undefined; readonly faults: readonly TrustFault[] };

/** Judges a minisign signature of a file of the release. */
export function checkMinisig(file: ReadSignature, around: Surroundings): Judged<GoodSignature> {
  const { path } = file;
  const minisig = file.text === undefined ? undefined : parseMinisig(file.text);
  if (minisig === undefined) {
    return { faults: [{ kind: "signature-malformed", path, reason: "its form" }] };
  }
  const content = signedBytes(around, file.of);
  const signer = around.keys.find(({ key }) => signedContent(minisig, content, key));
  if (signer === undefined) return { faults: [whyNot(file, minisig, around)] };
  if (!signedComment(minisig, signer.key)) return { faults: [{ kind: "signature-wrong", path }] };
  if (minisig.keyId !== keyId(signer.key)) {
    return { faults: [{ kind: "signature-malformed", path, reason: "it names another key than its own" }] };
  }
  const fields = parseTrustedComment(minisig.trustedComment);
  if (fields === undefined) {
    return { faults: [{ kind: "signature-malformed", path, reason: "its trusted comment" }] };
  }
  const fault = fieldFault(file, fields, around);
  if (fault) return { faults: [fault] };
  return { good: { ...file, signer, fields }, faults: [] };
}

/** Why no key fits. The comment is signed apart from the file: it still tells what a genuine signature was made for. */
function whyNot(file: ReadSignature, minisig: Minisig, around: Surroundings): TrustFault {
  const { path } = file;
  const genuine = around.keys.some(({ key }) => signedComment(minisig, key));
  const fields = genuine ? parseTrustedComment(minisig.trustedComment) : undefined;
  const fault = fields && fieldFault(file, fields, around);
  if (fault) return fault;
  if (genuine || claimsKnownKey(minisig.keyId, around.keys)) return { kind: "signature-wrong", path };
  return { kind: "unknown-key", path, claims: minisig.keyId };
}

function fieldFault(
  { path, of }: ReadSignature,
  fields: { readonly file: string; readonly release: string; readonly target: string },
  { manifest }: Surroundings,
): TrustFault | undefined {
  if (fields.file !== of) return { kind: "signature-of-another-file", path, of: fields.file };
  const { release, target } = fields;
  if (release === manifest.releaseVersion && target === manifest.target) return undefined;
  return { kind: "signature-of-another-release", path, of: `${target} ${release}` };
}
