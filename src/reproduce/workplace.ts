import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatLock } from "../lock/format-lock.ts";
import type { Lock } from "../lock/lock.ts";
import type { Conditions } from "./conditions.ts";
import { makeProbeFolder } from "./probe-inside.ts";

/** Folders of one rebuild: where they really lie, and where it sees them. */
export interface Workplace {
  /** Host folder. */
  readonly backing: string;
  /** Where the rebuild sees that folder. */
  readonly seen: string;
}

/** What rebuilds share with everybody: what is named by digests, and development keys. Never written to. */
const shared = ["downloads", "roots", "git", "keys"] as const;

/**
 * Folders for a rebuild, with a cache of its own that shares downloads and roots, but no outputs except those that it is
 * told to take over.
 * @param work folder of this command in <cache>/tmp
 * @param taken fingerprints of stored outputs that are not made anew
 */
export function makeWorkplace(
  work: string,
  conditions: Conditions,
  cacheDir: string,
  lock: Lock,
  taken: readonly string[],
): Workplace {
  const backing = join(work, conditions.label);
  const cache = join(backing, "cache");
  for (const folder of ["cache/store", "scratch", "project", "nvlab"]) {
    mkdirSync(join(backing, folder), { recursive: true });
  }
  for (const name of shared) {
    if (existsSync(join(cacheDir, name))) symlinkSync(join(cacheDir, name), join(cache, name));
  }
  for (const fingerprint of taken) {
    symlinkSync(join(cacheDir, "store", fingerprint), join(cache, "store", fingerprint));
  }
  writeFileSync(join(backing, "nvlab.lock"), formatLock(lock));
  makeProbeFolder(join(backing, "probe"));
  return { backing, seen: join(work, "places", conditions.folder) };
}
