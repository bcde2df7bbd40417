import { takeApart, valueOf, type FitNode } from "./fit-tree.ts";

const notHashed = ["data", "data-size", "data-position", "data-offset"];

/**
 * What a configuration's signature is over, when the list of nodes in the signature itself is believed: as mkimage
 * signs it (boot/fdt_region.c of U-Boot). Of a listed node its properties are in, of its children only their frame.
 */
export function signedBytes(fit: Buffer, signature: FitNode): Buffer {
  const listed = valueOf(signature, "hashed-nodes").toString().split("\0").slice(0, -1);
  const strings = fit.readUInt32BE(12);
  const parts: Buffer[] = [];
  let at = fit.readUInt32BE(8);
  const take = (bytes: number, included: boolean): void => {
    if (included) parts.push(fit.subarray(at, at + bytes));
    at += bytes;
  };
  const padded = (bytes: number): number => (bytes + 3) & ~3;
  const walk = (node: FitNode, path: string, want: number): void => {
    const inside = listed.includes(path === "" ? "/" : path) ? 2 : Math.max(want - 1, 0);
    take(4 + padded(node.name.length + 1), inside > 0);
    for (const [name, value] of node.properties) {
      take(12 + padded(value.length), inside === 2 && !notHashed.includes(name));
    }
    for (const child of node.children) walk(child, `${path}/${child.name}`, inside);
    take(4, inside > 0);
  };
  walk(takeApart(fit).root, "", 0);
  take(4, true);
  const length = valueOf(signature, "hashed-strings").readUInt32BE(4);
  return Buffer.concat([...parts, fit.subarray(strings, strings + length)]);
}
