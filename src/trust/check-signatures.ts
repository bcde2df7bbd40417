import { manifestName } from "../release/known-files.ts";
import { signatureFiles } from "../release/signature-files.ts";
import { keyId, samePublicKey } from "../sign/key.ts";
import { parseMinisig } from "../sign/minisign.ts";
import { checkMinisig } from "./check-minisig.ts";
import { checkRaw } from "./check-raw.ts";
import {
  isExpired,
  signerName,
  type GoodSignature,
  type ReadSignature,
  type Surroundings,
} from "./claims.ts";
import type { TrustFault } from "./fault.ts";
import type { TrustedKey } from "./policy.ts";

/** Who has signed a release in full, and for what. */
export interface Signer {
  readonly signer: TrustedKey;
  readonly expires?: Date;
  /** Hexadecimal SHA-256 of the payloads of the statements that they have signed, by the path of the envelope. */
  readonly statements: ReadonlyMap<string, string>;
}

export interface CheckedSignatures {
  /** Those whose signatures are all there, good and not expired. */
  readonly signers: readonly Signer[];
  readonly faults: readonly TrustFault[];
}

/**
 * Judges all signature files of a release. Each signer has three, which are there together or not at all; those of the
 * first have no key id in their names, and it has to be there.
 */
export function checkSignatures(files: readonly ReadSignature[], around: Surroundings): CheckedSignatures {
  const groups = new Map<string, ReadSignature[]>([["", []]]);
  for (const file of files) {
    const group = file.keyId ?? "";
    groups.set(group, [...(groups.get(group) ?? []), file]);
  }
  const checked = [...groups].map(([id, group]) => checkGroup(id, group, around));
  const signers: Signer[] = [];
  const faults = checked.flatMap((group) => group.faults);
  for (const { signer } of checked) {
    if (signer === undefined) continue;
    const twice = signers.some((other) => samePublicKey(other.signer.key, signer.signer.key));
    if (!twice) signers.push(signer);
    else faults.push(misnamed(`${manifestName}.${keyId(signer.signer.key)}.minisig`, signer.signer));
  }
  return { signers, faults };
}

function checkGroup(
  id: string,
  group: readonly ReadSignature[],
  around: Surroundings,
): { readonly signer?: Signer; readonly faults: readonly TrustFault[] } {
  const wanted = signatureFiles(id === "" ? undefined : id);
  const missing = wanted.filter(({ path }) => !group.some((file) => file.path === path));
  const lead = group.find(({ of, form }) => of === manifestName && form === "minisign");
  const hint = parseMinisig(lead?.text ?? "")?.keyId;
  const judged = group.map((file) =>
    file.form === "minisign" ? checkMinisig(file, around) : checkRaw(file, hint, around),
  );
  const good = judged.flatMap((one) => one.good ?? []);
  const leader = good.find(({ path }) => path === lead?.path) ?? good[0];
  const faults = [
    ...missing.map(({ path }): TrustFault => ({ kind: "signature-missing", path })),
    ...judged.flatMap((one) => one.faults),
    ...(leader === undefined ? [] : good.flatMap((file) => groupFaults(id, file, leader, around))),
  ];
  if (faults.length > 0 || leader?.fields === undefined) return { faults };
  const { signer, fields } = leader;
  const statements = new Map(
    [...fields.statements].map(([name, sha256]) => [`attestations/${name}`, sha256]),
  );
  return {
    signer: { signer, ...(fields.expires && { expires: fields.expires }), statements },
    faults: [],
  };
}

/** What is wrong with a good signature among the others of its group. */
function groupFaults(
  id: string,
  file: GoodSignature,
  leader: GoodSignature,
  { now }: Surroundings,
): TrustFault[] {
  const { path, signer, fields } = file;
  const faults: TrustFault[] = [];
  const own = id === "" || id === keyId(signer.key);
  if (!own || !samePublicKey(signer.key, leader.signer.key)) faults.push(misnamed(path, signer));
  if (fields?.expires !== undefined && isExpired(fields.expires, now)) {
    faults.push({ kind: "signature-expired", path, expired: fields.expires.toISOString() });
  }
  if (fields && fields.expires?.getTime() !== leader.fields?.expires?.getTime()) {
    faults.push({ kind: "signature-malformed", path, reason: "it expires at another time than the others" });
  }
  if (signer.expires !== undefined && isExpired(signer.expires, now)) {
    const expired = signer.expires.toISOString();
    faults.push({ kind: "key-expired", path, signer: signerName(signer), expired });
  }
  return faults;
}

function misnamed(path: string, signer: TrustedKey): TrustFault {
  return { kind: "signer-misnamed", path, signer: signerName(signer) };
}
