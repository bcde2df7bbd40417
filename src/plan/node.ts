import type { LockedSource } from "../lock/lock.ts";
import type { InputFile } from "../recipe/input-file.ts";
import type { KconfigDialect } from "../recipe/schema/step.ts";

export type { InputFile } from "../recipe/input-file.ts";

/** Why a `.config` should hold a value: the fragment and line that asked for it. */
export interface RequestedOption {
  /** With its CONFIG_ prefix. */
  readonly option: string;
  /** "y", "m", "n", a number, or a string in double quotes, as written in a .config. */
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

interface NodeBase {
  /** Unique in a plan: "linux/source", "linux/config", "linux", "boot.itb". */
  readonly id: string;
  /** The component or image that a person would name. */
  readonly component: string;
}

/** A pristine source tree: an archive unpacked, a commit, or a local folder (`--source`). */
export interface SourceNode extends NodeBase {
  readonly kind: "source";
  readonly root: string;
  readonly strip: number;
  readonly origin: LockedSource | LocalSource;
}

/** A local tree in place of the pinned one. */
export interface LocalSource {
  readonly type: "local";
  readonly directory: string;
  /** Digest over names, modes and contents of tracked, modified and untracked, not ignored files. */
  readonly sha256: string;
  /** The files, relative to the directory, sorted by bytes. */
  readonly files: readonly string[];
}

/** A source tree with patches applied and overlay files laid over it. */
export interface PatchedNode extends NodeBase {
  readonly kind: "patched";
  readonly root: string;
  /** Node of the pristine tree. None where the overlay is all there is: a tree that lies in the project itself. */
  readonly source?: string;
  readonly patches: readonly InputFile[];
  /** Overlay files with their place in the tree. */
  readonly overlay: readonly { readonly to: string; readonly file: InputFile }[];
}

/** Something of another node, mounted read-only in the sandbox. */
export interface NodeInput {
  /** Absolute path in the sandbox, as in /src, /in/busybox, /in/linux/Image. */
  readonly at: string;
  readonly node: string;
  /** Only this file or folder below the node's /out; all of it without. */
  readonly path?: string;
}

/** A bash script in the sandbox: what config, build and image nodes have in common. */
export interface ScriptNode extends NodeBase {
  readonly kind: "config" | "build" | "image";
  /** Name of the root in which it runs. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly script: string;
  readonly inputs: readonly NodeInput[];
  /** Project files, seen at /project/<path>. */
  readonly files: readonly InputFile[];
  /** Generated files (ITS, disk layout, cpio list) by name, seen at /generated/<name>. */
  readonly texts: Readonly<Record<string, string>>;
  /** Paths below /out that have to exist afterwards. */
  readonly outputs: readonly string[];
  /** For config nodes: what the fragments asked for and how to explain what was lost. */
  readonly kconfig?: {
    readonly dialect: KconfigDialect;
    readonly requested: readonly RequestedOption[];
    readonly explain: string;
    /** Programs of nvlab itself that the explaining script runs, relative to its folder. */
    readonly explainers?: readonly string[];
  };
  /** For device trees: the contract that the step says it keeps, and the project files it is made from, base first. */
  readonly deviceTree?: {
    readonly contract: "nvlink-fusion" | undefined;
    readonly sources: readonly string[];
  };
  /** For signed images: the key's name and the SHA-256 of its public half, which is all that outputs depend on. */
  readonly signing?: {
    readonly key: string;
    /** U-Boot's name, as in sha256,rsa2048. */
    readonly algorithm: string;
    readonly sha256: string;
    /** Made by nvlab itself, for want of another. */
    readonly development: boolean;
  };
  /** For builds of external kernel modules: which ones, and the script that shows what they ask of their kernel. */
  readonly modules?: { readonly files: readonly string[]; readonly inspect: string };
}

export type PlanNode = SourceNode | PatchedNode | ScriptNode;
