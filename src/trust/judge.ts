import { createHash } from "node:crypto";
import { manifestName } from "../release/known-files.ts";
import { attestationPath, signatureFiles } from "../release/signature-files.ts";
import { sha256OfIntegrity } from "../release/integrity.ts";
import { keyId } from "../sign/key.ts";
import { checkAttestation, type GoodAttestation, type ReadAttestation } from "./check-attestation.ts";
import { checkSignatures, type CheckedSignatures, type Signer } from "./check-signatures.ts";
import { signerName, type ReadSignature, type Surroundings } from "./claims.ts";
import type { TrustFault } from "./fault.ts";
import type { Policy, Quorum, TrustedKey } from "./policy.ts";
import { isOlder } from "./version-order.ts";

export interface Evidence {
  readonly signatures: readonly ReadSignature[];
  readonly attestations: readonly ReadAttestation[];
}

export interface Verdict {
  readonly signers: readonly Signer[];
  readonly attestations: readonly GoodAttestation[];
  readonly faults: readonly TrustFault[];
}

/**
 * Judges who vouches for a release, and whether that is enough. Pure: the bytes of the folder were read before, and the
 * folder itself was checked against the manifest. Every fault is reported, not only the first.
 */
export function judge(evidence: Evidence, policy: Policy, around: Surroundings): Verdict {
  const signatures = checkSignatures(evidence.signatures, around);
  const checked = evidence.attestations.map((file) => checkAttestation(file, around));
  const attestations = checked.flatMap(({ good }) => good ?? []);
  const { signers } = signatures;
  return {
    signers,
    attestations,
    faults: [
      ...signatures.faults,
      ...checked.flatMap(({ faults }) => faults),
      ...signers.flatMap((signer) => statementFaults(signer, evidence.attestations, attestations)),
      ...provenanceFaults(signatures, attestations, around),
      ...policyFaults(policy, signers, attestations, around),
    ],
  };
}

/** Each statement that a signer has signed for is there, with that content and that signature. */
function statementFaults(
  { signer, statements }: Signer,
  present: readonly ReadAttestation[],
  good: readonly GoodAttestation[],
): TrustFault[] {
  return [...statements].flatMap(([path, sha256]): TrustFault[] => {
    const attestation = good.find((one) => one.path === path);
    if (attestation === undefined) {
      // One that is there and is not good is a fault already.
      if (present.some((one) => one.path === path)) return [];
      return [{ kind: "attestation-missing", path, signer: signerName(signer) }];
    }
    const same = sha256Of(attestation.payload) === sha256 && attestation.signers.includes(signer);
    return same ? [] : [{ kind: "attestation-replaced", path, signer: signerName(signer) }];
  });
}

/** The provenance that is signed is the one that lies in the folder, and its every signer has signed the release. */
function provenanceFaults(
  signatures: CheckedSignatures,
  attestations: readonly GoodAttestation[],
  { manifest }: Surroundings,
): TrustFault[] {
  const document = manifest.documents?.find(({ kind }) => kind === "provenance");
  const path = attestationPath("provenance", "");
  return attestations
    .filter(({ kind }) => kind === "provenance")
    .flatMap((provenance): TrustFault[] => {
      const expected = document && sha256OfIntegrity(document.integrity);
      if (sha256Of(provenance.payload) !== expected) {
        const [by] = provenance.signers.map(signerName);
        return [{ kind: "attestation-replaced", path, signer: by ?? "" }];
      }
      if (signatures.faults.length > 0) return [];
      const others = provenance.signers.filter(
        (key) => !signatures.signers.some(({ signer }) => signer === key),
      );
      return others.flatMap(({ key }) =>
        signatureFiles(keyId(key)).map((file): TrustFault => ({
          kind: "signature-missing",
          path: file.path,
        })),
      );
    });
}

function policyFaults(
  policy: Policy,
  signers: readonly Signer[],
  attestations: readonly GoodAttestation[],
  { manifest }: Surroundings,
): TrustFault[] {
  const path = manifestName;
  const faults: TrustFault[] = [];
  const keys = signers.map(({ signer }) => signer);
  const found = among(policy.signers, keys);
  if (found.length < policy.signers.threshold) {
    faults.push({ kind: "policy-threshold", path, needed: policy.signers.threshold, found: found.length });
  }
  for (const required of policy.signers.required) {
    if (!keys.includes(required)) faults.push({ kind: "policy-signer", path, signer: signerName(required) });
  }
  if (policy.target !== undefined && policy.target !== manifest.target) {
    faults.push({ kind: "policy-target", path, wanted: policy.target, found: manifest.target });
  }
  const { minimumVersion: floor } = policy;
  if (floor !== undefined && isOlder(manifest.releaseVersion, floor)) {
    faults.push({ kind: "policy-version", path, wanted: floor, found: manifest.releaseVersion });
  }
  const signed = (kind: GoodAttestation["kind"], by: readonly TrustedKey[]): GoodAttestation[] =>
    attestations.filter((one) => one.kind === kind && one.signers.some((key) => by.includes(key)));
  if (policy.builder !== undefined) {
    const [builder = "nobody who is known"] = signed("provenance", found).map(({ says }) => says);
    if (builder !== policy.builder) {
      faults.push({ kind: "policy-builder", path, wanted: policy.builder, found: builder });
    }
  }
  if (policy.reproduced) {
    const { by, threshold } = policy.reproduced;
    const identical = signed("reproduce", by).filter(({ says }) => says === "identical");
    if (identical.length < threshold) {
      faults.push({ kind: "policy-reproduced", path, needed: threshold, found: identical.length });
    }
  }
  if (policy.tested) {
    const results = signed("test-result", policy.tested).map(({ says }) => says);
    if (!results.includes("PASSED")) {
      faults.push({ kind: "policy-tested", path, found: results.join(", ") || "none" });
    }
  }
  return faults;
}

function among({ by }: Quorum, keys: readonly TrustedKey[]): TrustedKey[] {
  return keys.filter((key) => by.includes(key));
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
