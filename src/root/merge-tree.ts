import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { resolveInside } from "./inside.ts";

function escape(name: string, path: string, why: string): Result<never> {
  return failed({
    code: "NVLAB_ARCHIVE",
    message: `${name}: ${path} ${why}`,
    hint: "the archive is broken or hostile: nothing of it was used",
  });
}

/**
 * Moves an unpacked package into the tree, folder by folder. A folder that another package gave as a link is
 * followed inside the tree, and never on this host, so that nothing is written elsewhere.
 * @param name of the package, for failures
 */
export function mergeTree(from: string, tree: string, name: string, at = "/"): Result<undefined> {
  const inside = resolveInside(tree, at);
  if (inside === undefined) return escape(name, at, "lies behind a circle of links");
  const folder = join(tree, inside);
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (there === undefined) mkdirSync(folder, { recursive: true });
  else if (!there.isDirectory()) return escape(name, at, "is a folder here and a file in another package");
  for (const entry of readdirSync(join(from, at), { withFileTypes: true })) {
    const path = join(at, entry.name);
    const to = join(folder, entry.name);
    if (!entry.isDirectory() && !entry.isFile() && !entry.isSymbolicLink()) {
      return escape(name, path, "is neither a file, a folder nor a link");
    }
    const existing = lstatSync(to, { throwIfNoEntry: false });
    if (existing === undefined) renameSync(join(from, path), to);
    else if (entry.isDirectory()) {
      const merged = mergeTree(from, tree, name, path);
      if (!merged.ok) return merged;
    } else if (existing.isDirectory()) {
      // As dpkg does it: a link never takes the place of a folder.
      if (entry.isSymbolicLink()) continue;
      return escape(name, path, "is a folder in another package");
    } else {
      rmSync(to);
      renameSync(join(from, path), to);
    }
  }
  return ok(undefined);
}

/** The folder of a path inside the tree, made where it is missing. */
export function folderInside(tree: string, path: string): string | undefined {
  const inside = resolveInside(tree, dirname(path));
  if (inside === undefined) return undefined;
  const folder = join(tree, inside);
  mkdirSync(folder, { recursive: true });
  return folder;
}
