import type { ConfigDiff } from "../kconfig/diff.ts";

/** A value that differs; a side is undefined where it does not have it. */
export interface Change {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A number of bytes that differs. */
export interface SizeChange {
  readonly name: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface ComponentChange {
  readonly component: string;
  readonly change: "added" | "removed" | "changed";
  /** Version, licence, sources, parameters. */
  readonly fields: readonly Change[];
  /** By path; the values are digests. */
  readonly patches: readonly Change[];
  /** Files laid over the source tree, likewise. */
  readonly overlay: readonly Change[];
}

export interface ConfigChange extends ConfigDiff {
  readonly component: string;
}

export interface ProgramSizes {
  /** The artifact, as in debug/vmlinux. */
  readonly program: string;
  readonly sections: readonly SizeChange[];
  readonly symbols?: SymbolSizes;
}

export interface SymbolSizes {
  readonly from: "symbol table" | "System.map";
  readonly added: number;
  readonly removed: number;
  /** Bytes that all of them together have more. */
  readonly growth: number;
  /** Those that changed most, in either direction. */
  readonly largest: readonly SizeChange[];
}

export interface TreeChange {
  readonly tree: string;
  readonly changes: readonly Change[];
  /** References to other nodes that differ only because these nodes have other numbers now. */
  readonly renumbered: number;
}

export interface VulnerabilityChange {
  readonly id: string;
  readonly component: string;
  readonly severity: string;
  readonly summary: string;
  /** State, as `nvlab scan` gives it; undefined where that side does not have it. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two releases or out folders. Every list is sorted; an empty one says "no difference". */
export interface Comparison {
  readonly before: string;
  readonly after: string;
  /** True where the manifests are the same text, and with them every digest. */
  readonly equal: boolean;
  readonly release: readonly Change[];
  readonly components: readonly ComponentChange[];
  readonly configs: readonly ConfigChange[];
  readonly toolchain: readonly Change[];
  readonly size: { readonly before: number; readonly after: number };
  /** Artifacts whose bytes differ, also where their number is the same. */
  readonly artifacts: readonly SizeChange[];
  readonly documents: readonly SizeChange[];
  readonly programs: readonly ProgramSizes[];
  readonly deviceTrees: readonly TreeChange[];
  /** Versions of what the SBOM names. */
  readonly sbom: readonly Change[];
  readonly vulnerabilities: readonly VulnerabilityChange[];
  /** What could not be compared, and why. */
  readonly leftOut: readonly { readonly part: string; readonly reason: string }[];
}
