import type { ArtifactKind } from "../recipe/schema/target.ts";
import type { ReleaseArtifact, ReleaseFacts } from "./facts.ts";

export interface ReleaseRequest {
  readonly facts: ReleaseFacts;
  /** The target's artifacts, and each component's final .config as one of kind "config". */
  readonly artifacts: readonly ReleaseArtifact[];
  /** Absolute path of the folder to fill, as in <project>/out/qemu-virt. */
  readonly out: string;
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
}

export interface WrittenArtifact {
  readonly path: string;
  readonly kind: ArtifactKind;
  readonly component: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface WrittenRelease {
  readonly artifacts: readonly WrittenArtifact[];
  /** Files that were written, by their path below the out folder; none where nothing had changed. */
  readonly written: readonly string[];
  /** Files of an earlier build that are no artifacts any more. */
  readonly removed: readonly string[];
  /** Such files that someone else had altered: they are left alone, and a person should hear of them. */
  readonly kept: readonly string[];
}
