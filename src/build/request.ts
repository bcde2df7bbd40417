import type { SandboxVariation } from "../exec/sandbox.ts";
import type { Emit } from "../report/event.ts";

/** Everything of the outside that the engine may use. */
export interface Surroundings {
  /** Folder of nvlab itself, with the shipped recipes. */
  readonly home: string;
  /** Absolute: where the command was called, or what -C says. The project is here or above. */
  readonly directory: string;
  readonly cacheDir: string;
  readonly offline: boolean;
  /** From the command line or NVLAB_DEBIAN_MIRROR; empty: nvlab.yaml or the host's apt know. */
  readonly debianMirrors: readonly string[];
  /** Made by `nvlab mirror`, from the command line or NVLAB_MIRROR; where there are any, nothing else is asked. */
  readonly mirrors: readonly string[];
  /** Absolute; undefined: nvlab.lock of the project. */
  readonly lockFile: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Only where a build is repeated under other conditions, with a cache of its own. */
  readonly variation?: SandboxVariation;
}

/** `--fit-key NAME=FILE` */
export interface FitKeyFile {
  readonly name: string;
  readonly file: string;
}

export interface TargetRequest {
  /** The project's default target without. */
  readonly target: string | undefined;
  /** A lock that does not fit is a failure and is never written. */
  readonly frozen: boolean;
  /** Local trees in place of pinned ones. */
  readonly sources: readonly { readonly component: string; readonly directory: string }[];
  /** Keys that sign FITs, before those of nvlab.yaml and development keys. */
  readonly fitKeys?: readonly FitKeyFile[];
}

export interface BuildRequest extends TargetRequest {
  /** Only these and what they need; then no out folder is written. */
  readonly components: readonly string[];
  readonly jobs: number | undefined;
  readonly keepGoing: boolean;
  readonly rebuild: readonly string[];
  /** Absolute; out/<target> of the project without. */
  readonly out: string | undefined;
  readonly releaseVersion: string | undefined;
  /** Keep each component's /obj between builds; the manifest then says incremental. */
  readonly incremental: boolean;
}
