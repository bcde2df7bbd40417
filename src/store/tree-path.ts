import { lstatSync } from "node:fs";
import { posix } from "node:path";

/**
 * Why a name must not be used to write below a tree, if so: it is absolute or leads outside by "..", or one of its
 * folders is a link or a file in the tree, by which a write would land elsewhere.
 */
export function unsafePath(tree: string, path: string): string | undefined {
  const parts = path.split("/");
  if (path === "" || posix.isAbsolute(path)) return "is not relative to the tree";
  if (path.includes("\0")) return "has a NUL in it";
  if (parts.includes("..")) return "leads outside the tree";
  if (parts.includes(".") || parts.includes("")) return "is not written in its plain form";
  let folder = tree;
  for (const part of parts.slice(0, -1)) {
    folder += `/${part}`;
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isSymbolicLink()) return `goes through ${posix.relative(tree, folder)}, which is a link`;
    if (!stats.isDirectory()) return `goes through ${posix.relative(tree, folder)}, which is no folder`;
  }
  return undefined;
}
