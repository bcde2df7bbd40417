import { lstatSync, readlinkSync, type Stats, statSync } from "node:fs";
import { errorCode } from "../fetch/disk-failure.ts";
import { type Failed, failed, ok, type Result } from "../failure/result.ts";
import type { LocalSource } from "../plan/node.ts";
import { byBytes } from "./by-bytes.ts";
import { gitFiles } from "./git-files.ts";
import { sha256OfFile, sha256OfText } from "./hash-file.ts";
import { type DigestRow, treeDigest } from "./output-digest.ts";
import { openStatCache, type StatCache } from "./stat-cache.ts";
import { storeFailure } from "./store-failure.ts";
import { takingTurns } from "./turn.ts";
import { isExecutable, undecodable, walkTree } from "./walk-tree.ts";

export { materialiseLocal } from "./materialise-local.ts";

export interface ScanOptions {
  readonly cacheDir: string;
  /** For git, which finds a person's own list of ignored files through HOME. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Lists and hashes a local tree that takes the place of a pinned source: what git tracks or would track, so that
 * a tree someone built in still works; without git, everything. Files that did not change since the last scan are
 * not read again.
 */
export async function scanLocalSource(directory: string, options: ScanOptions): Promise<Result<LocalSource>> {
  const { cacheDir, environment = {}, clock = Date.now, signal } = options;
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return unusable(directory, found ? "is no folder" : "is not there");
  const listed = await gitFiles(directory, environment);
  if (!listed.ok) return listed;
  try {
    const cache = openStatCache(cacheDir, directory, clock());
    const paths = (listed.value ?? everyFile(directory)).sort(byBytes);
    const scanned = await describeFiles(directory, paths, cache, takingTurns(signal));
    if (!scanned.ok) return scanned;
    if (scanned.value.length === 0) return unusable(directory, "has no files that are not ignored");
    saveCache(cache);
    const files = scanned.value.map((row) => row.path);
    return ok({ type: "local", directory, sha256: treeDigest(scanned.value), files });
  } catch (error) {
    if (signal?.aborted === true)
      return failed({ code: "NVLAB_INTERRUPTED", message: `interrupted while ${directory} was read` });
    if (errorCode(error) === "") throw error;
    return unusable(directory, `cannot be read: ${error instanceof Error ? error.message : ""}`);
  }
}

async function describeFiles(
  directory: string,
  paths: readonly string[],
  cache: StatCache,
  turn: () => Promise<void> | undefined,
): Promise<Result<DigestRow[]>> {
  const rows: DigestRow[] = [];
  for (const path of paths) {
    if (path.includes("\n") || path.includes(undecodable)) {
      return unusable(directory, `has a file whose name is no plain UTF-8 line: ${JSON.stringify(path)}`);
    }
    const row = await describeFile(directory, path, cache, turn);
    if (row) rows.push(row);
    await turn();
  }
  return ok(rows);
}

/** One row, or none where the file was deleted, or is neither a file nor a link. */
async function describeFile(
  directory: string,
  path: string,
  cache: StatCache,
  turn: () => Promise<void> | undefined,
): Promise<DigestRow | undefined> {
  const absolute = `${directory}/${path}`;
  try {
    const stats: Stats | undefined = lstatSync(absolute, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true)
      return { path, type: "link", sha256: sha256OfText(readlinkSync(absolute)) };
    if (stats?.isFile() !== true) return undefined;
    const known = cache.get(path, stats);
    const sha256 = known ?? (await sha256OfFile(absolute, turn));
    if (known === undefined) cache.set(path, stats, sha256);
    return { path, type: "file", sha256, executable: isExecutable(stats) };
  } catch (error) {
    // An editor's file that came and went, or a folder on the way that became a file.
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

function everyFile(directory: string): string[] {
  const paths: string[] = [];
  for (const met of walkTree(directory, (name) => name !== ".git"))
    if (met.type !== "folder") paths.push(met.path);
  return paths;
}

/** The cache only saves time: where it cannot be written, the next scan takes longer. */
function saveCache(cache: StatCache): void {
  try {
    cache.save();
  } catch (error) {
    storeFailure(error, "the cache");
  }
}

function unusable(directory: string, why: string): Failed {
  return failed({
    code: "NVLAB_SOURCE_OVERRIDE",
    message: `the local source ${directory} ${why}`,
    hint: "give --source NAME=DIR a folder with the source tree that is to be built",
  });
}
