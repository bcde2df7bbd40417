import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { errorCode } from "../fetch/disk-failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { tryLock } from "./cache-lock.ts";
import { measureDisk } from "./disk-use.ts";
import {
  type Candidate,
  candidatesOf,
  chooseGarbage,
  type GarbageKind,
  isInUse,
  isReachable,
  lastUseOf,
  type Limits,
  type Reachable,
} from "./garbage.ts";
import { ownedName } from "./process-identity.ts";
import { removeTree } from "./remove-tree.ts";
import { collectingLock, liveSessions } from "./session.ts";
import { labsFolder, staleLabs, staleTemporaries } from "./stale-temporary.ts";
import { onDisk } from "./store-failure.ts";

export interface GarbageRequest extends Limits {
  readonly cacheDir: string;
  readonly keep: Reachable;
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface RemovedGarbage {
  readonly kind: GarbageKind | "temporary";
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970; absent for what a killed process left behind. */
  readonly lastUsedMs?: number;
}

export interface GarbageReport {
  /** In the order in which it went, or would go. */
  readonly removed: readonly RemovedGarbage[];
  readonly bytesFreed: number;
  /** What remains, hard links counted once. */
  readonly bytesKept: number;
  /** Commands that use the cache now, for which more was kept. */
  readonly sessions: number;
}

const kinds: readonly GarbageKind[] = ["entry", "root", "download"];

/**
 * Removes what is not reachable, not in use, and too old or too much. Safe beside running builds: what goes is
 * moved away by renames under a lock that makes beginning sessions wait, and deleted afterwards.
 */
export function collectGarbage(request: GarbageRequest): Promise<Result<GarbageReport>> {
  const { cacheDir, keep, dryRun, now } = request;
  return onDisk(cacheDir, async () => {
    const use = measureDisk();
    const candidates = kinds.flatMap((kind) => candidatesOf(cacheDir, kind));
    for (const candidate of candidates) await use.add(candidate.path, candidate.path).catch(ignoreUnreadable);
    const sessions = liveSessions(cacheDir, now);
    const removable = candidates.filter(
      (candidate) => !isReachable(candidate, keep) && !isInUse(candidate, candidate.lastUsedMs, sessions),
    );
    const chosen = chooseGarbage(removable, request, use, now);
    const stale = [
      ...staleTemporaries(cacheDir, now).map((name) => join(cacheDir, "tmp", name)),
      ...staleLabs(cacheDir, now).map((name) => join(labsFolder(cacheDir), name)),
    ];
    for (const path of stale) await use.add(path, path).catch(ignoreUnreadable);
    const temporaries = stale.map((path): RemovedGarbage => ({
      kind: "temporary",
      name: basename(path),
      bytes: use.remove(path),
    }));
    let gone: readonly (Candidate & { readonly bytes: number })[] = chosen;
    if (!dryRun) {
      const moved = moveAway(cacheDir, chosen, now);
      if (!moved.ok) return moved;
      gone = moved.value.gone;
      for (const path of moved.value.trash) await removeTree(path);
      for (const path of stale) await removeTree(path);
    }
    const removed = [
      ...gone.map(({ kind, name, bytes, lastUsedMs }) => ({ kind, name, bytes, lastUsedMs })),
      ...temporaries,
    ];
    const bytesFreed = removed.reduce((sum, item) => sum + item.bytes, 0);
    const spared = chosen.filter((candidate) => !gone.includes(candidate));
    const bytesKept = use.total() + spared.reduce((sum, item) => sum + item.bytes, 0);
    return ok({ removed, bytesFreed, bytesKept, sessions: sessions.length });
  });
}

interface MovedAway {
  readonly gone: readonly (Candidate & { readonly bytes: number })[];
  readonly trash: readonly string[];
}

/** Looks once more at who uses what, now that nobody can begin to, and moves the rest to <cache>/tmp. */
function moveAway(
  cacheDir: string,
  chosen: readonly (Candidate & { readonly bytes: number })[],
  now: number,
): Result<MovedAway> {
  const attempt = tryLock(cacheDir, collectingLock, now);
  if (attempt.state === "held") {
    return failed({
      code: "NVLAB_BUSY",
      message: "another `nvlab gc` is at work on this cache",
      hint: "wait until it is done",
    });
  }
  try {
    const sessions = liveSessions(cacheDir, now);
    const trash: string[] = [];
    mkdirSync(join(cacheDir, "tmp"), { recursive: true });
    const gone = chosen.filter((candidate) => {
      const lastUsedMs = lastUseOf(candidate.path, candidate.kind);
      if (lastUsedMs === undefined || lastUsedMs > candidate.lastUsedMs) return false;
      if (isInUse(candidate, lastUsedMs, sessions)) return false;
      const to = join(cacheDir, "tmp", `${ownedName()}.trash`);
      renameSync(candidate.path, to);
      trash.push(to);
      return true;
    });
    return ok({ gone, trash });
  } finally {
    attempt.lock.release();
  }
}

/** What disappears meanwhile, or cannot be looked into, counts as nothing. */
function ignoreUnreadable(error: unknown): void {
  if (errorCode(error) !== "ENOENT" && errorCode(error) !== "EACCES") throw error;
}
