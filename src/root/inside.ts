import { lstatSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";

const mostLinks = 40;

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/**
 * Follows a path inside a tree as it will be seen when the tree is `/`: absolute links start at the tree's top
 * again, and nothing is above it.
 * @param path absolute, as seen inside
 * @returns the path inside with no link left in it, or undefined for a circle of links
 */
export function resolveInside(tree: string, path: string): string | undefined {
  let rest = parts(path);
  let reached = "/";
  let links = 0;
  while (rest.length > 0) {
    const [part = "", ...further] = rest;
    rest = further;
    const next = part === ".." ? dirname(reached) : join(reached, part);
    const found = lstatSync(join(tree, next), { throwIfNoEntry: false });
    if (found?.isSymbolicLink() !== true) {
      reached = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) return undefined;
    const target = readlinkSync(join(tree, next));
    if (target.startsWith("/")) reached = "/";
    rest = [...parts(target), ...rest];
  }
  return reached;
}
