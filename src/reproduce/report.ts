import type { Cause } from "./cause.ts";
import type { VariedPlace } from "./varied.ts";

/** A difference as it is told. */
export interface ExplainedDifference {
  readonly path: string;
  readonly component: string;
  /** Nodes at which it began; empty where that is not known. */
  readonly origins: readonly string[];
  /** Hexadecimal SHA-256 of either side; null where that side has no such file. */
  readonly sha256: readonly [string | null, string | null];
  readonly causes: readonly Cause[];
  /** diffoscope's first lines; empty where the boot root has none. */
  readonly diffoscope: readonly string[];
}

/** What `nvlab reproduce` found. */
export interface ReproduceReport {
  readonly target: string;
  /** What was compared with what: "first rebuild" and "second rebuild", or a folder and "rebuild". */
  readonly compared: readonly [string, string];
  readonly files: number;
  readonly identical: boolean;
  readonly differences: readonly ExplainedDifference[];
  readonly variations: readonly VariedPlace[];
  /** Components whose outputs were taken from the store and not made anew. */
  readonly taken: readonly string[];
  /** Hexadecimal SHA-256 of the original's manifest.json, where there is an original. */
  readonly manifestSha256: string | null;
}
