import type { Emit } from "../report/event.ts";

/** A file known by its digest before it is downloaded. */
export interface WantedFile {
  /** How people know it, as in libc6_2.41-12_amd64.deb. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** http, https and file URLs or absolute paths, in the order in which they are asked. */
  readonly places: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface FetchTiming {
  /** Further attempts at one place after the first. */
  readonly retries: number;
  /** Wait before the first further attempt; doubles with each one. */
  readonly backOffMs: number;
  /** No byte for so long: the connection is given up and the rest asked for again. */
  readonly stallMs: number;
  readonly connectMs: number;
}

export const usualTiming: FetchTiming = { retries: 3, backOffMs: 500, stallMs: 30_000, connectMs: 15_000 };

/** What every function here that may use the network has to be given. */
export interface FetchContext {
  readonly cacheDir: string;
  readonly emit: Emit;
  /** Only local places may be asked. */
  readonly offline: boolean;
  /** Folders and addresses that `nvlab mirror` made: where there are any, nothing else is asked. */
  readonly mirrors?: readonly string[];
  readonly signal: AbortSignal;
  /** For proxies, certificate authorities and the tools that are run. */
  readonly environment: Environment;
  readonly concurrency?: number;
  readonly timing?: Partial<FetchTiming>;
}
