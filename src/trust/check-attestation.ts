import { RebuildPredicate, rebuildType } from "../attest/rebuild.ts";
import { builderOf, builtAs, provenanceType } from "../attest/provenance.ts";
import { Statement } from "../attest/statement.ts";
import { checkSubjects } from "../attest/subjects.ts";
import { TestResultPredicate, testResultType } from "../attest/test-result.ts";
import type { Manifest } from "../release/manifest.ts";
import type { AttestationFile, AttestationKind } from "../release/signature-files.ts";
import { Envelope, renderEnvelope, statementPayloadType, verifyEnvelope } from "../sign/dsse.ts";
import { keyId } from "../sign/key.ts";
import { claimsKnownKey, isExpired, signerName, type Surroundings } from "./claims.ts";
import type { TrustFault } from "./fault.ts";
import type { TrustedKey } from "./policy.ts";

/** An envelope file with its text; undefined where it is too large, no plain file or not UTF-8. */
export interface ReadAttestation extends AttestationFile {
  readonly text: string | undefined;
}

/** A statement about this release that given keys have really signed. */
export interface GoodAttestation {
  readonly path: string;
  readonly kind: AttestationKind;
  readonly signers: readonly TrustedKey[];
  readonly payload: Buffer;
  /** "identical" or "different" of a rebuild, "PASSED" and so on of a test, the builder of a provenance. */
  readonly says: string;
}

export interface CheckedAttestation {
  readonly good?: GoodAttestation;
  readonly faults: readonly TrustFault[];
}

/** No envelope of nvlab's has more than a few hundred kilobytes. */
export const largestEnvelope = 16 * 1024 * 1024;

/** Judges an envelope: its form, every signature in it, and whether the statement is about this release. */
export function checkAttestation(file: ReadAttestation, around: Surroundings): CheckedAttestation {
  const { path } = file;
  const malformed = (reason: string): CheckedAttestation => ({
    faults: [{ kind: "attestation-malformed", path, reason }],
  });
  const envelope = parseEnvelope(file.text);
  if (envelope === undefined) return malformed("its form");
  if (envelope.payloadType !== statementPayloadType) return malformed("it holds something else");
  const { payload, signers: found } = verifyEnvelope(
    envelope,
    around.keys.map(({ key }) => key),
  );
  const signers = found.map((key) => around.keys.find((trusted) => trusted.key === key));
  const faults = signers.flatMap((signer, index) =>
    signatureFaults(path, envelope.signatures[index]?.keyid ?? "", signer, around),
  );
  if (faults.length > 0) return { faults };
  const known = signers.filter((signer) => signer !== undefined);
  const names = known.map(({ key }) => keyId(key));
  if (names.some((name, index) => index > 0 && name <= (names[index - 1] ?? "")))
    return malformed("the order of its signatures");
  const [only] = known;
  if (file.keyId !== undefined && only && (names.length > 1 || names[0] !== file.keyId)) {
    return { faults: [{ kind: "signer-misnamed", path, signer: signerName(only) }] };
  }
  const statement = parseStatement(payload);
  const says = statement && saidBy(file.kind, statement);
  if (statement === undefined || says === undefined) return malformed("its statement");
  const about = aboutFaults(file, statement, around.manifest);
  if (about.length > 0) return { faults: about };
  return { good: { path, kind: file.kind, signers: known, payload, says }, faults: [] };
}

function signatureFaults(
  path: string,
  claimed: string,
  signer: TrustedKey | undefined,
  { keys, now }: Surroundings,
): TrustFault[] {
  if (signer === undefined) {
    if (claimsKnownKey(claimed, keys)) return [{ kind: "signature-wrong", path }];
    return [{ kind: "unknown-key", path, claims: claimed }];
  }
  if (signer.expires !== undefined && isExpired(signer.expires, now)) {
    const expired = signer.expires.toISOString();
    return [{ kind: "key-expired", path, signer: signerName(signer), expired }];
  }
  if (claimed === keyId(signer.key)) return [];
  return [{ kind: "attestation-malformed", path, reason: "a keyid that was edited" }];
}

/** Undefined for a text in any other form than the one in which nvlab writes it. */
export function parseEnvelope(text: string | undefined): Envelope | undefined {
  const parsed = Envelope.safeParse(parseJson(text));
  return parsed.success && renderEnvelope(parsed.data) === text ? parsed.data : undefined;
}

export function parseStatement(payload: Buffer): Statement | undefined {
  const parsed = Statement.safeParse(parseJson(payload.toString("utf8")));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** What the statement says in a word; undefined where it is no statement of this kind. */
function saidBy(kind: AttestationKind, statement: Statement): string | undefined {
  switch (kind) {
    case "provenance":
      return statement.predicateType === provenanceType ? builderOf(statement) : undefined;
    case "test-result": {
      const predicate = TestResultPredicate.safeParse(statement.predicate);
      return statement.predicateType === testResultType ? predicate.data?.result : undefined;
    }
    case "reproduce": {
      const predicate = RebuildPredicate.safeParse(statement.predicate);
      return statement.predicateType === rebuildType ? predicate.data?.result : undefined;
    }
  }
}

/** Faults of a statement that is not about this release, or not about all of it. */
export function aboutFaults(
  { path, kind }: Pick<AttestationFile, "path" | "kind">,
  statement: Statement,
  manifest: Manifest,
): TrustFault[] {
  const subjects = checkSubjects(statement, manifest.artifacts, manifest.documents);
  const faults = subjects.map((fault): TrustFault => ({ kind: "attestation-subject", path, ...fault }));
  if (kind !== "provenance") return faults;
  const { target, releaseVersion } = builtAs(statement);
  if (target === manifest.target && releaseVersion === manifest.releaseVersion) return faults;
  const of = `${String(target)} ${String(releaseVersion)}`;
  return [...faults, { kind: "attestation-of-another-release", path, of }];
}
