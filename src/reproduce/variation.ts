/** What reprotest varies (reprotest(1), "--variations"), in its names. */
export const variationNames = [
  "environment",
  "build_path",
  "kernel",
  "aslr",
  "num_cpus",
  "time",
  "user_group",
  "fileordering",
  "domain_host",
  "home",
  "locales",
  "exec_path",
  "timezone",
  "umask",
] as const;

export type VariationName = (typeof variationNames)[number];

/**
 * What the sandbox gives every build alike, whatever the host has. Varied inside it only to see which recipes lean on
 * that; all others are varied inside too, and an output that depends on one of them is not reproducible.
 */
export const fixedInside: ReadonlySet<VariationName> = new Set([
  "environment",
  "build_path",
  "user_group",
  "domain_host",
  "home",
  "exec_path",
]);

/** Outside: of nvlab and of what starts the sandbox. Inside: of the steps. */
export type Place = "outside" | "inside";

/** What is to be varied. */
export interface Choice {
  readonly names: ReadonlySet<VariationName>;
  /** Also inside what the sandbox holds fixed. */
  readonly insideFixed: boolean;
}

/** Whether a variation is asked for at a place. */
export function isChosen({ names, insideFixed }: Choice, name: VariationName, place: Place): boolean {
  return names.has(name) && (place === "outside" || insideFixed || !fixedInside.has(name));
}
