/** Version of a contract. See `compatibility` in contract/nvlink-fusion.yaml. */
export interface ContractVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads "1.0"; nothing where the text is no version. */
export function parseVersion(text: string): ContractVersion | undefined {
  const match = /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

export function formatVersion({ major, minor }: ContractVersion): string {
  return `${major}.${minor}`;
}

/**
 * The version whose rules two sides share: that with the smaller minor number. Nothing where they must refuse each
 * other, which is where the major numbers differ. The driver's nvlink_contract_check() decides the same.
 */
export function commonVersion(ours: ContractVersion, theirs: ContractVersion): ContractVersion | undefined {
  if (ours.major !== theirs.major) return undefined;
  return { major: ours.major, minor: Math.min(ours.minor, theirs.minor) };
}
