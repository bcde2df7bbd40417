import { lstat, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSafePath } from "../release/known-files.ts";

/** Removes plain files of a folder, and the folders that are empty then. Links are left, and nothing behind one is touched. */
export async function removeFiles(folder: string, paths: readonly string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const path of paths.filter(isSafePath)) {
    if (!(await isPlain(folder, path))) continue;
    await rm(join(folder, path), { force: true });
    removed.push(path);
    for (let above = dirname(path); above !== "."; above = dirname(above)) {
      const emptied = await rmdir(join(folder, above)).then(
        () => true,
        () => false,
      );
      if (!emptied) break;
    }
  }
  return removed.sort();
}

async function isPlain(folder: string, path: string): Promise<boolean> {
  const parts = path.split("/");
  for (const [depth] of parts.entries()) {
    const found = await lstat(join(folder, ...parts.slice(0, depth + 1))).catch(() => undefined);
    const wanted = depth === parts.length - 1 ? found?.isFile() : found?.isDirectory();
    if (wanted !== true) return false;
  }
  return true;
}
