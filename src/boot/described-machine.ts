import { cell, cells, nodesOf, strings, type TreeNode } from "../device-tree/node.ts";
import { readDtb } from "../device-tree/read-dtb.ts";
import type { Machine } from "../recipe/schema/machine.ts";

const mebibyte = 2n ** 20n;

/**
 * Where a device tree and the machine that it is for disagree, as sentences: U-Boot on RISC-V hands a tree on as it is,
 * so that a kernel believes it, whatever QEMU was told. Nothing for bytes that are no tree, or say nothing of it.
 */
export function disagreements(
  name: string,
  bytes: Buffer,
  machine: Pick<Machine, "memory" | "harts">,
): string[] {
  const read = readDtb(bytes);
  if (!("tree" in read)) return [];
  const nodes = [...nodesOf(read.tree)].filter((node) => isUsed(node));
  const [memory, harts] = [memoryOf(nodes, read.tree), ofType(nodes, "cpu").length];
  const has = memoryBytes(machine.memory);
  return [
    ...(memory !== 0n && memory !== has
      ? [`${name} describes ${memory / mebibyte} MiB of memory, the machine has ${has / mebibyte} MiB`]
      : []),
    ...(harts !== 0 && harts !== machine.harts
      ? [`${name} describes ${harts} harts, the machine has ${machine.harts}`]
      : []),
  ];
}

function isUsed(node: TreeNode): boolean {
  const status = strings(node, "status")?.[0] ?? "okay";
  return status === "okay" || status === "ok";
}

function ofType(nodes: readonly TreeNode[], type: string): TreeNode[] {
  return nodes.filter((node) => strings(node, "device_type")?.[0] === type);
}

/** Sum of all ranges, in bytes (Devicetree Specification v0.4, 3.4). */
function memoryOf(nodes: readonly TreeNode[], root: TreeNode): bigint {
  const [address, size] = [cell(root, "#address-cells") ?? 2, cell(root, "#size-cells") ?? 1];
  let sum = 0n;
  for (const node of ofType(nodes, "memory")) {
    const reg = cells(node, "reg") ?? [];
    for (let at = address; at + size <= reg.length; at += address + size) {
      sum += reg.slice(at, at + size).reduce((high, low) => (high << 32n) | BigInt(low), 0n);
    }
  }
  return sum;
}

/** Of a size as QEMU takes it here, "512M" or "2G". */
function memoryBytes(text: string): bigint {
  return BigInt(text.slice(0, -1)) * mebibyte * (text.endsWith("G") ? 1024n : 1n);
}
