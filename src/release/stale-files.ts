import { lstat, readdir, rm, rmdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashFile } from "./hash-file.ts";
import { fileIntegrity } from "./integrity.ts";
import { isSafePath, manifestName } from "./known-files.ts";
import { readPlainText } from "./observe.ts";
import type { StampedFile } from "./out-stamp.ts";
import { isUntouched } from "./out-stamp.ts";
import { readManifest } from "./read-manifest.ts";
import { isAbandoned } from "./temporary-name.ts";
import { largestManifest } from "./verify-release.ts";

/**
 * Removes the files of earlier builds that are no artifacts any more, as the stamp and the previous manifest know
 * them. A file whose content is not the one that nvlab wrote is someone else's and stays.
 */
export async function removeStale(
  out: string,
  known: ReadonlyMap<string, StampedFile>,
  wanted: ReadonlySet<string>,
): Promise<{ removed: string[]; kept: string[] }> {
  const text = await readPlainText(join(out, manifestName), largestManifest);
  const listed = new Map(
    (text === undefined ? [] : readManifest(text).artifacts).map(({ path, integrity }) => [path, integrity]),
  );
  for (const { path, integrity } of known.values()) if (integrity !== undefined) listed.set(path, integrity);

  const removed: string[] = [];
  const kept: string[] = [];
  for (const [path, integrity] of listed) {
    if (wanted.has(path) || !isSafePath(path) || !(await isPlainFile(out, path))) continue;
    const stamped = known.get(path);
    if (
      (stamped !== undefined && isUntouched(out, stamped)) ||
      (await hasContent(join(out, path), integrity))
    ) {
      await unlink(join(out, path));
      await removeEmptyParents(out, path);
      removed.push(path);
    } else {
      kept.push(path);
    }
  }
  return { removed: removed.sort(), kept: kept.sort() };
}

/** Removes what a build left that was killed while it copied. */
export async function removeTemporaries(out: string): Promise<void> {
  for (const name of await readdir(out)) {
    if (isAbandoned(name)) await rm(join(out, name), { force: true });
  }
}

/** True for a file that is reached without any link. */
async function isPlainFile(out: string, path: string): Promise<boolean> {
  const parts = path.split("/");
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const stat = await lstat(join(out, ...parts.slice(0, depth))).catch(() => undefined);
    if (depth < parts.length ? stat?.isDirectory() !== true : stat?.isFile() !== true) return false;
  }
  return true;
}

async function hasContent(path: string, integrity: string): Promise<boolean> {
  const digests = await hashFile(path).catch(() => undefined);
  return digests !== undefined && fileIntegrity(digests) === integrity;
}

async function removeEmptyParents(out: string, path: string): Promise<void> {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const emptied = await rmdir(join(out, folder)).then(
      () => true,
      () => false,
    );
    if (!emptied) return;
  }
}
