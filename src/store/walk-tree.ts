import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";

/** Something met on the way through a tree. Links are never followed. */
export interface Met {
  /** Relative to where the walk began, forward slashes; empty for the beginning itself. */
  readonly path: string;
  readonly absolute: string;
  readonly type: "file" | "link" | "folder" | "other";
  readonly stats: Stats;
}

/** Stands in a name for bytes that are not UTF-8, so that the file cannot be found again by it. */
export const undecodable = "\uFFFD";

export function targetOf(link: Met): string {
  return readlinkSync(link.absolute);
}

export function isExecutable(stats: Stats): boolean {
  return (stats.mode & 0o100) !== 0;
}

/**
 * Walks a tree, each folder before what is in it. Throws system errors. What has no decodable name is `other`, and
 * its `stats` are the folder's.
 * @param wanted tells by its name whether something is looked at, with all that is in it
 */
export function* walkTree(
  root: string,
  wanted: (name: string) => boolean = () => true,
): Generator<Met, undefined> {
  const waiting = [""];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const folder = join(root, path);
    yield { path, absolute: folder, type: "folder", stats: lstatSync(folder) };
    for (const name of readdirSync(folder)) {
      if (!wanted(name)) continue;
      const inner = path === "" ? name : `${path}/${name}`;
      const absolute = `${folder}/${name}`;
      const stats = name.includes(undecodable) ? lstatSync(folder) : lstatSync(absolute);
      if (name.includes(undecodable)) yield { path: inner, absolute, type: "other", stats };
      else if (stats.isDirectory()) waiting.push(inner);
      else yield { path: inner, absolute, type: leafType(stats), stats };
    }
  }
}

function leafType(stats: Stats): Met["type"] {
  if (stats.isFile()) return "file";
  return stats.isSymbolicLink() ? "link" : "other";
}
