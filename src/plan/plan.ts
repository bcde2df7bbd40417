import type { Machine } from "../recipe/schema/machine.ts";
import type { ArtifactKind } from "../recipe/schema/target.ts";
import type { PlanNode } from "./node.ts";

/** A file of the finished target. */
export interface PlanArtifact {
  /** Name in the out folder. */
  readonly path: string;
  readonly kind: ArtifactKind;
  readonly component: string;
  /** Node that makes it, and the path below that node's /out. */
  readonly node: string;
  readonly from: string;
}

/** Everything to be done for a target, as plain data. Nodes come after what they need. */
export interface Plan {
  readonly target: string;
  readonly epoch: number;
  readonly nodes: readonly PlanNode[];
  readonly artifacts: readonly PlanArtifact[];
  /** Digest of each root by its name: over the packages' digests, the links and the way of unpacking. */
  readonly roots: Readonly<Record<string, string>>;
  readonly boot?: { readonly root: string; readonly qemu: Machine };
}
