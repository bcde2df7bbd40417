import type { TreeNode } from "../../device-tree/node.ts";
import { nvlinkFusion } from "../generated.ts";
import { breach, hex, type Breach } from "./breach.ts";

const property = "dma-windows";
const alignment = 4096n;
const addressSpace = 1n << 64n;

interface Window {
  readonly base: bigint;
  readonly size: bigint;
}

/** DMA windows: how many, aligned, inside 64 bits, apart from each other. */
export function checkWindows(node: TreeNode): Breach[] {
  const windows = windowsOf(node);
  const most = nvlinkFusion.limits.WINDOWS_MAX;
  const breaches: Breach[] = [];
  if (windows.length > most)
    breaches.push(
      breach(
        node,
        property,
        `has ${windows.length} windows, and a controller has at most ${most}`,
        "join some",
      ),
    );
  for (const [index, { base, size }] of windows.entries()) {
    const what = `window ${index} (${hex(base)}, ${hex(size)} bytes)`;
    if (size === 0n)
      breaches.push(breach(node, property, `${what} is empty`, "give it a size, or take it out"));
    if (base % alignment !== 0n || size % alignment !== 0n)
      breaches.push(
        breach(node, property, `${what} is not aligned`, "base and size are multiples of 4096 (0x1000)"),
      );
    if (base + size > addressSpace)
      breaches.push(breach(node, property, `${what} ends past 64 bits`, "make it smaller"));
    for (const [earlier, other] of windows.slice(0, index).entries()) {
      if (base < other.base + other.size && other.base < base + size)
        breaches.push(
          breach(node, property, `${what} overlaps window ${earlier}`, "make them one, or move one"),
        );
    }
  }
  return breaches;
}

/** Nothing where the property has another length: that is a fault of its own. */
function windowsOf(node: TreeNode): Window[] {
  const value = node.properties.get(property);
  if (!value || value.length % 16 !== 0) return [];
  return Array.from({ length: value.length / 16 }, (_, index) => ({
    base: value.readBigUInt64BE(index * 16),
    size: value.readBigUInt64BE(index * 16 + 8),
  }));
}
