import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ok, type Result } from "../failure/result.ts";
import { isLocked } from "./cache-lock.ts";
import { isHeld, startHeartbeat } from "./heartbeat.ts";
import { ownedName } from "./process-identity.ts";
import { storeFailure } from "./store-failure.ts";

/** Name of the lock under which garbage is taken out of the store. */
export const collectingLock = "collecting";

/** A running command that reads the store: garbage collection leaves alone what it named. */
export interface Session {
  /** Names fingerprints before they are looked up; from then on they stay. */
  use(...fingerprints: readonly string[]): void;
  close(): void;
}

export interface LiveSession {
  readonly startedMs: number;
  readonly fingerprints: ReadonlySet<string>;
}

function sessionsFolder(cacheDir: string): string {
  return join(cacheDir, "locks", "sessions");
}

/**
 * Begins to use the store. A session's file is written first and the collector's lock looked at then, while the
 * collector locks first and reads the sessions then: at least one sees the other.
 */
export function openSession(cacheDir: string, clock: () => number): Result<Session> {
  const folder = sessionsFolder(cacheDir);
  const path = join(folder, ownedName());
  const use = (...fingerprints: readonly string[]): void => {
    try {
      appendFileSync(path, fingerprints.map((fingerprint) => `${fingerprint}\n`).join(""));
    } catch (error) {
      // Reading goes on with a full disk; at worst something is collected that is then built again.
      storeFailure(error, cacheDir);
    }
    waitWhileCollecting(cacheDir, clock);
  };
  try {
    mkdirSync(folder, { recursive: true });
    appendFileSync(path, `started ${String(clock())}\n`);
    waitWhileCollecting(cacheDir, clock);
  } catch (error) {
    return storeFailure(error, cacheDir);
  }
  const heartbeat = startHeartbeat(path);
  const close = (): void => {
    heartbeat.stop();
    rmSync(path, { force: true });
  };
  return ok({ use, close });
}

/** The collector holds its lock only for some renames, so this synchronous wait is short. */
function waitWhileCollecting(cacheDir: string, clock: () => number): void {
  const longestMs = 10_000;
  const stepMs = 5;
  for (let waited = 0; waited < longestMs && isLocked(cacheDir, collectingLock, clock()); waited += stepMs) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stepMs);
  }
}

/** Sessions of living processes; the files of dead ones are removed. */
export function liveSessions(cacheDir: string, now: number): LiveSession[] {
  const folder = sessionsFolder(cacheDir);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (isHeld(name, path, now)) return readSession(path);
    rmSync(path, { force: true });
    return [];
  });
}

function readSession(path: string): LiveSession[] {
  try {
    const [first = "", ...fingerprints] = readFileSync(path, "utf8").split("\n");
    const startedMs = Number(/^started (\d+)/.exec(first)?.[1] ?? 0);
    return [{ startedMs, fingerprints: new Set(fingerprints) }];
  } catch {
    // Closed between the listing and now.
    return [];
  }
}
