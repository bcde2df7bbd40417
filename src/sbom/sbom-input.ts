import type { Lock } from "../lock/lock.ts";
import type { Plan } from "../plan/plan.ts";
import type { Manifest } from "../release/manifest.ts";
import type { LinkedLibrary } from "./linked-library.ts";

/** Everything that an SBOM says, by component where it is a map. */
export interface SbomInput {
  /** Version of nvlab. */
  readonly version: string;
  /** The manifest without its documents, of which the SBOM is one. */
  readonly manifest: Manifest;
  readonly plan: Pick<Plan, "nodes" | "artifacts">;
  readonly lock: Lock;
  /** What a recipe says of its component that no manifest repeats. */
  readonly described: ReadonlyMap<string, { readonly summary: string; readonly homepage?: string }>;
  readonly linked: ReadonlyMap<string, readonly LinkedLibrary[]>;
  /** Files of the source tree that were really compiled, sorted. */
  readonly compiled: ReadonlyMap<string, readonly string[]>;
  /** Text of each patch by its path. */
  readonly patches: ReadonlyMap<string, string>;
}
