import { lstat, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { companionFiles, companionFolders, manifestName } from "../../release/known-files.ts";
import { readPlainText } from "../../release/observe.ts";
import { readStamp } from "../../release/out-stamp.ts";
import { readManifest } from "../../release/read-manifest.ts";
import { removeStale, removeTemporaries } from "../../release/stale-files.ts";
import { largestManifest } from "../../release/verify-release.ts";

export interface Removal {
  /** Below the folder, sorted. */
  readonly removed: readonly string[];
  /** Files that are not as nvlab wrote them, or not nvlab's: they stay. */
  readonly kept: readonly string[];
}

/**
 * Removes from an out folder what nvlab wrote there, known by the manifest and by what was remembered of the last
 * build, and the folder itself once it is empty. A folder without either is left as it is.
 */
export async function removeRelease(out: string, cacheDir: string): Promise<Removal> {
  const status = await lstat(out).catch(() => undefined);
  if (status?.isDirectory() !== true) return { removed: [], kept: [] };
  const stamp = readStamp(cacheDir, out);
  const manifest = await readPlainText(join(out, manifestName), largestManifest);
  const isRelease = stamp !== undefined || (manifest !== undefined && readManifest(manifest).readable);
  if (!isRelease) return { removed: [], kept: await filesOf(out) };

  await removeTemporaries(out);
  const known = new Map((stamp?.files ?? []).map((file) => [file.path, file]));
  const { removed } = await removeStale(out, known, new Set());
  for (const name of companionFiles) {
    if ((await lstat(join(out, name)).catch(() => undefined))?.isFile() !== true) continue;
    await rm(join(out, name));
    removed.push(name);
  }
  for (const name of companionFolders) {
    if ((await lstat(join(out, name)).catch(() => undefined))?.isDirectory() !== true) continue;
    await rm(join(out, name), { recursive: true });
    removed.push(`${name}/`);
  }
  const kept = await filesOf(out);
  if (kept.length === 0) await rmdir(out).catch(() => undefined);
  return { removed: removed.sort(), kept };
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
