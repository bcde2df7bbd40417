import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ownedName } from "./process-identity.ts";

/** A folder in <cache>/tmp in which an output is made before it is kept. */
export interface Staging {
  readonly fingerprint: string;
  readonly folder: string;
  /** What is put here becomes the output. */
  readonly out: string;
  /** Where the step's log is written. */
  readonly log: string;
  /** The last lines of the log so far. */
  lastLines(count: number): string[];
}

/**
 * Makes an empty folder in <cache>/tmp. Should this process be killed, the next one that builds, or `nvlab gc`,
 * removes it. Throws system errors.
 */
export function makeTemporaryFolder(cacheDir: string): string {
  const folder = join(cacheDir, "tmp", ownedName());
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Throws system errors. */
export function makeStaging(cacheDir: string, fingerprint: string): Staging {
  const folder = makeTemporaryFolder(cacheDir);
  const out = join(folder, "out");
  const log = join(folder, "log");
  mkdirSync(out, { recursive: true });
  const lastLines = (count: number): string[] => {
    try {
      return readFileSync(log, "utf8").trimEnd().split("\n").slice(-count);
    } catch {
      return [];
    }
  };
  return { fingerprint, folder, out, log, lastLines };
}
