import { nodesOf, strings, type TreeNode } from "../device-tree/node.ts";
import { namesOf } from "./changes.ts";
import type { Change } from "./comparison.ts";

export interface TreeDifference {
  readonly changes: readonly Change[];
  /** Cells that name the same node by another phandle. */
  readonly renumbered: number;
}

/**
 * What differs between two device trees, by node and property. phandles are numbers that dtc deals out: a reference
 * that still means the node of the same path is no difference.
 */
export function compareTrees(before: TreeNode, after: TreeNode): TreeDifference {
  const [left, right] = [byPath(before), byPath(after)];
  const [leftHandles, rightHandles] = [phandles(before), phandles(after)];
  const changes: Change[] = [];
  let renumbered = 0;
  for (const path of namesOf(left, right)) {
    const [old, now] = [left.get(path), right.get(path)];
    if (old === undefined || now === undefined) {
      changes.push({ name: path, before: old && describeNode(old), after: now && describeNode(now) });
      continue;
    }
    for (const name of namesOf(old.properties, now.properties)) {
      if (name === "phandle" || name === "linux,phandle") continue;
      const [x, y] = [old.properties.get(name), now.properties.get(name)];
      if (x !== undefined && y !== undefined) {
        if (x.equals(y)) continue;
        const moved = sameReferences(x, y, leftHandles, rightHandles);
        if (moved !== undefined) {
          renumbered += moved;
          continue;
        }
      }
      changes.push({
        name: `${path === "/" ? "" : path}:${name}`,
        before: x && describeValue(old, name, x),
        after: y && describeValue(now, name, y),
      });
    }
  }
  return { changes, renumbered };
}

function byPath(root: TreeNode): Map<string, TreeNode> {
  return new Map([...nodesOf(root)].map((node) => [node.path, node]));
}

/** Path of each node that has a phandle. */
function phandles(root: TreeNode): Map<number, string> {
  return new Map(
    [...nodesOf(root)].flatMap(({ path, properties }) => {
      const value = properties.get("phandle");
      return value?.length === 4 ? [[value.readUInt32BE(0), path] as const] : [];
    }),
  );
}

/** How many cells differ, where each that does names the same node on both sides; else undefined. */
function sameReferences(
  before: Buffer,
  after: Buffer,
  left: ReadonlyMap<number, string>,
  right: ReadonlyMap<number, string>,
): number | undefined {
  if (before.length !== after.length || before.length % 4 !== 0) return undefined;
  let moved = 0;
  for (let at = 0; at < before.length; at += 4) {
    const [x, y] = [before.readUInt32BE(at), after.readUInt32BE(at)];
    if (x === y) continue;
    const path = left.get(x);
    if (path === undefined || path !== right.get(y)) return undefined;
    moved += 1;
  }
  return moved;
}

function describeNode(node: TreeNode): string {
  const compatible = strings(node, "compatible");
  return compatible === undefined ? "a node" : `a node, ${compatible.join(", ")}`;
}

const longest = 16;

/** As it would stand in a source: texts, cells, or bytes. */
function describeValue(node: TreeNode, name: string, value: Buffer): string {
  if (value.length === 0) return "true";
  const texts = strings(node, name);
  if (texts !== undefined) return texts.map((text) => JSON.stringify(text)).join(", ");
  const cells = value.length % 4 === 0;
  const words = cells
    ? Array.from(
        { length: value.length / 4 },
        (_, index) => `0x${value.readUInt32BE(index * 4).toString(16)}`,
      )
    : [...value].map((byte) => byte.toString(16).padStart(2, "0"));
  const cut = words.length > longest ? [...words.slice(0, longest), "…"] : words;
  return cells ? `<${cut.join(" ")}>` : `[${cut.join(" ")}]`;
}
