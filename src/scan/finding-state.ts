/**
 * What became of a vulnerability that a component may have. The first three are open; of the others somebody or
 * something says why they do not matter.
 */
export const findingStates = [
  "affected",
  "under-investigation",
  "undecided",
  "not-built",
  "not-affected",
  "fixed",
] as const;
export type FindingState = (typeof findingStates)[number];

/** States that a person has still to deal with. "undecided" is told, and decides no exit code. */
export const openStates: ReadonlySet<FindingState> = new Set(["affected", "under-investigation"]);
