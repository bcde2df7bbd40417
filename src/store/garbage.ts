import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { DiskUse } from "./disk-use.ts";
import type { LiveSession } from "./session.ts";

export type GarbageKind = "entry" | "root" | "download";

/** Something in the cache that could be removed. */
export interface Candidate {
  readonly kind: GarbageKind;
  /** Fingerprint, digest of a root, or SHA-256 of a download. */
  readonly name: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly lastUsedMs: number;
}

/** What is reachable: of the plans and locks that the caller knows. */
export interface Reachable {
  readonly fingerprints: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
  readonly downloads: ReadonlySet<string>;
}

export interface Limits {
  /** The longest unused goes first until the cache is no larger. What is reachable stays even so. */
  readonly maxBytes?: number;
  /** What was used within this time stays. */
  readonly maxAgeMs?: number;
}

const places: Readonly<Record<GarbageKind, string>> = {
  entry: "store",
  root: "roots",
  download: "downloads/sha256",
};

/** Everything of one kind in the cache, with the time of its last use. Throws system errors. */
export function candidatesOf(cacheDir: string, kind: GarbageKind): Candidate[] {
  const folder = join(cacheDir, places[kind]);
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder).flatMap((name): Candidate[] => {
    const path = join(folder, name);
    const lastUsedMs = lastUseOf(path, kind);
    return lastUsedMs === undefined ? [] : [{ kind, name, path, lastUsedMs }];
  });
}

/** For entries the time of entry.json, which each hit renews; otherwise that of the file or folder itself. */
export function lastUseOf(path: string, kind: GarbageKind): number | undefined {
  const stamp = kind === "entry" ? lstatSync(join(path, "entry.json"), { throwIfNoEntry: false }) : undefined;
  const stats = stamp ?? lstatSync(path, { throwIfNoEntry: false });
  // Times are set in milliseconds, and come back a little less.
  return stats && Math.round(stats.mtimeMs);
}

export function isReachable({ kind, name }: Candidate, keep: Reachable): boolean {
  if (kind === "entry") return keep.fingerprints.has(name);
  return kind === "root" ? keep.roots.has(name) : keep.downloads.has(name);
}

/**
 * Whether a running command may need it: all that it named and all that was used since the oldest one began; roots
 * and downloads, which nobody names, as long as any runs.
 */
export function isInUse(
  { kind, name }: Candidate,
  lastUsedMs: number,
  sessions: readonly LiveSession[],
): boolean {
  if (sessions.length === 0) return false;
  if (kind !== "entry") return true;
  const oldest = Math.min(...sessions.map((session) => session.startedMs));
  return lastUsedMs >= oldest || sessions.some((session) => session.fingerprints.has(name));
}

/**
 * What goes, the longest unused first. By age: what is older. By size: as much as has to go. With neither limit:
 * all that may.
 * @param removable not reachable and not in use
 * @param use measures all that is in the cache, by the candidates' paths
 */
export function chooseGarbage(
  removable: readonly Candidate[],
  { maxBytes, maxAgeMs }: Limits,
  use: DiskUse,
  now: number,
): (Candidate & { readonly bytes: number })[] {
  const oldestFirst = removable.toSorted((left, right) => left.lastUsedMs - right.lastUsedMs);
  return oldestFirst.flatMap((candidate) => {
    const tooOld = maxAgeMs !== undefined && now - candidate.lastUsedMs > maxAgeMs;
    const tooMuch = maxBytes !== undefined && use.total() > maxBytes;
    const goes = (maxAgeMs === undefined && maxBytes === undefined) || tooOld || tooMuch;
    return goes ? [{ ...candidate, bytes: use.remove(candidate.path) }] : [];
  });
}
