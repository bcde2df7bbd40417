import type { Result } from "../../failure/result.ts";

/** "fail": nvlab cannot build here; "warn": something that not everybody needs is missing. */
export type CheckState = "ok" | "warn" | "fail";

export interface CheckResult {
  readonly name: string;
  readonly state: CheckState;
  /** What was found, in a few words. */
  readonly found: string;
  /** The command that mends it. */
  readonly mend?: string;
}

/** What the checks ask of the host. */
export interface Host {
  readonly nodeVersion: string;
  /** Folder of the cache, whether it is there or not. */
  readonly cacheDir: string;
  readonly offline: boolean;
  /** First line that a command prints; undefined where it is not there or fails. */
  readonly ask: (command: string, args: readonly string[]) => Promise<string | undefined>;
  readonly exists: (path: string) => boolean;
  /** Bytes free for this user where the folder is or will be. */
  readonly freeBytes: (folder: string) => Promise<number | undefined>;
  /** Whether a program written to the folder can be run: false on a file system mounted noexec. */
  readonly canRunFrom: (folder: string) => Promise<Result<boolean>>;
  /** A root that is unpacked already. */
  readonly findRoot: () => Promise<string | undefined>;
  /** Starts a sandbox in the root, or makes its namespaces without one. */
  readonly probeSandbox: (root: string | undefined) => Promise<Result<undefined>>;
  /** Bases of Debian mirrors, the first one asked first. */
  readonly mirrors: () => Promise<Result<readonly string[]>>;
  /** undefined where the mirror answers, else what is wrong. */
  readonly reach: (mirror: string) => Promise<string | undefined>;
}

export type Check = (host: Host) => Promise<CheckResult>;
