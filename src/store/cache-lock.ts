import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { errorCode } from "../fetch/disk-failure.ts";
import { isHeld, startHeartbeat } from "./heartbeat.ts";
import { ownedName, ownerOf } from "./process-identity.ts";

export interface CacheLock {
  release(): void;
}

export type Attempt =
  | { readonly state: "locked"; readonly lock: CacheLock }
  /** Someone else has it; their process number, where it is one of this machine. */
  | { readonly state: "held"; readonly pid: number | undefined };

export function lockFolder(cacheDir: string, name: string): string {
  return join(cacheDir, "locks", name);
}

/**
 * Takes a lock if it is free. A lock is a folder that holds one file, named after its owner. It appears with
 * the file in it by a rename, which fails where a folder that is not empty has the name; breaking the lock of a
 * dead owner removes just that owner's file. So of many who try and break at once, exactly one gets it.
 * Throws system errors.
 */
export function tryLock(cacheDir: string, name: string, now: number): Attempt {
  const folder = lockFolder(cacheDir, name);
  const token = ownedName();
  const made = join(cacheDir, "tmp", `${token}.lock`);
  mkdirSync(join(cacheDir, "locks"), { recursive: true });
  mkdirSync(made, { recursive: true });
  writeFileSync(join(made, token), "");
  for (;;) {
    if (appear(made, folder)) return { state: "locked", lock: lockOf(folder, token) };
    const holder = holdersOf(folder, now)[0];
    if (holder === undefined) continue;
    rmSync(made, { recursive: true, force: true });
    return { state: "held", pid: ownerOf(holder)?.pid };
  }
}

/** Whether a living process has the lock. */
export function isLocked(cacheDir: string, name: string, now: number): boolean {
  const folder = lockFolder(cacheDir, name);
  // Asked at each lookup, where an exception for "not there" would take longer than all the rest.
  return existsSync(folder) && holdersOf(folder, now).length > 0;
}

function appear(made: string, folder: string): boolean {
  try {
    renameSync(made, folder);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOTEMPTY" || errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Living holders of a lock: one or none. What the dead left is removed. */
function holdersOf(folder: string, now: number): string[] {
  const names = unless("ENOENT", () => readdirSync(folder)) ?? [];
  return names.filter((name) => {
    if (isHeld(name, join(folder, name), now)) return true;
    unless("ENOENT", () => unlinkSync(join(folder, name)));
    return false;
  });
}

function lockOf(folder: string, token: string): CacheLock {
  const heartbeat = startHeartbeat(join(folder, token));
  return {
    release: () => {
      heartbeat.stop();
      unless("ENOENT", () => unlinkSync(join(folder, token)));
      // The next owner may be there already, or may have come and gone.
      unless("ENOENT", () => unless("ENOTEMPTY", () => rmdirSync(folder)));
    },
  };
}

function unless<T>(code: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (errorCode(error) === code) return undefined;
    throw error;
  }
}
