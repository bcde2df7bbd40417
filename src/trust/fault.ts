import type { SubjectFault } from "../attest/subjects.ts";

/** What is wrong with who vouches for a release. The kind is stable; `path` is that of the file in the release. */
export type TrustFault = { readonly path: string } & (SignatureFault | AttestationFault | PolicyFault);

type SignatureFault =
  /** A signer has not signed this, or nobody has. */
  | { readonly kind: "signature-missing" }
  /** Not in the one form in which nvlab writes it: damaged or edited. */
  | { readonly kind: "signature-malformed"; readonly reason: string }
  /** By a key that was not given; `claims` is the id in the file, which nothing proves. */
  | { readonly kind: "unknown-key"; readonly claims?: string }
  /** Claims to be by a given key and does not fit what it should have signed. */
  | { readonly kind: "signature-wrong" }
  /** By a given key, and of another file. */
  | { readonly kind: "signature-of-another-file"; readonly of: string }
  /** By a given key, and of another release. */
  | { readonly kind: "signature-of-another-release"; readonly of: string }
  | { readonly kind: "signature-expired"; readonly expired: string }
  /** A good signature under a name of another signer's. */
  | { readonly kind: "signer-misnamed"; readonly signer: string }
  | { readonly kind: "key-expired"; readonly signer: string; readonly expired: string };

type AttestationFault =
  | { readonly kind: "attestation-malformed"; readonly reason: string }
  | { readonly kind: "attestation-missing"; readonly signer: string }
  /** Not the statement that a signer of the release has signed for. */
  | { readonly kind: "attestation-replaced"; readonly signer: string }
  /** About something else than this release. */
  | { readonly kind: "attestation-subject"; readonly name: string; readonly what: SubjectFault["what"] }
  /** What the statement says of itself is not this release. */
  | { readonly kind: "attestation-of-another-release"; readonly of: string };

type PolicyFault =
  | { readonly kind: "policy-threshold"; readonly needed: number; readonly found: number }
  | { readonly kind: "policy-signer"; readonly signer: string }
  | { readonly kind: "policy-target"; readonly wanted: string; readonly found: string }
  | { readonly kind: "policy-version"; readonly wanted: string; readonly found: string }
  | { readonly kind: "policy-builder"; readonly wanted: string; readonly found: string }
  | { readonly kind: "policy-reproduced"; readonly needed: number; readonly found: number }
  | { readonly kind: "policy-tested"; readonly found: string };

/** One sentence without the path. */
export function describeTrustFault(fault: TrustFault): string {
  switch (fault.kind) {
    case "signature-missing":
      return "is missing: nobody vouches for the release, or a signer has not signed all";
    case "signature-malformed":
      return `is no signature as nvlab writes it (${fault.reason})`;
    case "unknown-key":
      return `is by a key that was not given${fault.claims === undefined ? "" : ` (it claims to be ${fault.claims})`}`;
    case "signature-wrong":
      return "does not fit: the file was altered after it was signed, or the signature was";
    case "signature-of-another-file":
      return `is a signature of another file, ${fault.of}`;
    case "signature-of-another-release":
      return `is a signature of another release, ${fault.of}`;
    case "signature-expired":
      return `expired on ${fault.expired}`;
    case "signer-misnamed":
      return `is by ${fault.signer}, and has a name of another signer's files`;
    case "key-expired":
      return `is by ${fault.signer}, whose key expired on ${fault.expired}`;
    case "attestation-malformed":
      return `is no attestation as nvlab writes it (${fault.reason})`;
    case "attestation-missing":
      return `is missing: ${fault.signer} has signed for it`;
    case "attestation-replaced":
      return `holds another statement than the one that ${fault.signer} has signed for`;
    case "attestation-subject":
      return `${{ strange: "is about a file that is not here", other: "is about another", absent: "does not cover" }[fault.what]}: ${fault.name}`;
    case "attestation-of-another-release":
      return `is about another release, ${fault.of}`;
    case "policy-threshold":
      return `has ${fault.found} of ${fault.needed} signers that are needed`;
    case "policy-signer":
      return `is not signed by ${fault.signer}, who has to`;
    case "policy-target":
      return `is for ${fault.found}, not for ${fault.wanted}`;
    case "policy-version":
      return `is version ${fault.found}, and nothing below ${fault.wanted} is taken`;
    case "policy-builder":
      return `was built by ${fault.found}, not by ${fault.wanted}`;
    case "policy-reproduced":
      return `was reproduced by ${fault.found} of ${fault.needed} rebuilders that are needed`;
    case "policy-tested":
      return `has no statement of a passed boot test (${fault.found})`;
  }
}
