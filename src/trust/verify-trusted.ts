import { join } from "node:path";
import { ok, type Result } from "../failure/result.ts";
import type { VerifyReport } from "../release/fault.ts";
import { readPlainBytes } from "../release/observe.ts";
import { attestationFileAt, signatureFileAt, type AttestationKind } from "../release/signature-files.ts";
import { checkRelease, type CheckedRelease } from "../release/verify-release.ts";
import { keyId } from "../sign/key.ts";
import { largestMinisig } from "../sign/minisign.ts";
import { largestEnvelope, type ReadAttestation } from "./check-attestation.ts";
import { signerName, type ReadSignature } from "./claims.ts";
import type { TrustFault } from "./fault.ts";
import { judge, type Evidence, type Verdict } from "./judge.ts";
import type { Policy } from "./policy.ts";

/** What was found of a release and of who vouches for it. */
export interface TrustReport extends Omit<VerifyReport, "unchecked"> {
  readonly signers: readonly { readonly name: string; readonly key: string; readonly expires?: string }[];
  readonly attestations: readonly {
    readonly path: string;
    readonly kind: AttestationKind;
    readonly says: string;
    readonly signers: readonly string[];
  }[];
  readonly trustFaults: readonly TrustFault[];
}

/** Beyond these many envelopes none is read: no release has a tenth of it. */
const mostAttestations = 1000;

/**
 * Checks a release as verifyRelease does, and then who vouches for it. Nothing may lie in the folder that is not
 * accounted for. Fails only where there is nothing to check.
 */
export async function verifyTrusted(
  path: string,
  policy: Policy,
  now: Date,
  signal?: AbortSignal,
): Promise<Result<TrustReport>> {
  const checked = await checkRelease(path, "nothing", signal);
  if (!checked.ok) return checked;
  const { report, manifest, signed } = checked.value;
  if (manifest === undefined) return ok({ ...report, signers: [], attestations: [], trustFaults: [] });
  const evidence = await readEvidence(checked.value);
  return ok(reportOf(report, judge(evidence, policy, { manifest, signed, keys: policy.keys, now })));
}

async function readEvidence({ folder, files }: CheckedRelease): Promise<Evidence> {
  const read = async (path: string, limit: number): Promise<string | undefined> => {
    const bytes = await readPlainBytes(join(folder, path), limit);
    const text = bytes?.toString("utf8");
    return text !== undefined && Buffer.from(text).equals(bytes ?? Buffer.alloc(0)) ? text : undefined;
  };
  const plain = files.filter(({ type }) => type === "file").map(({ path }) => path);
  const signatures: ReadSignature[] = [];
  for (const file of plain.flatMap((path) => signatureFileAt(path) ?? [])) {
    signatures.push({ ...file, text: await read(file.path, largestMinisig) });
  }
  const attestations: ReadAttestation[] = [];
  for (const file of plain.flatMap((path) => attestationFileAt(path) ?? [])) {
    const text = attestations.length < mostAttestations ? await read(file.path, largestEnvelope) : undefined;
    attestations.push({ ...file, text });
  }
  return { signatures, attestations };
}

function reportOf(report: VerifyReport, verdict: Verdict): TrustReport {
  return {
    ...report,
    ok: report.ok && verdict.faults.length === 0,
    signers: verdict.signers.map(({ signer, expires }) => ({
      name: signer.name,
      key: keyId(signer.key),
      ...(expires && { expires: expires.toISOString() }),
    })),
    attestations: verdict.attestations.map(({ path, kind, says, signers }) => ({
      path,
      kind,
      says,
      signers: signers.map(signerName),
    })),
    trustFaults: verdict.faults,
  };
}
