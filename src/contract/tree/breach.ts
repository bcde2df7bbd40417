import type { TreeNode } from "../../device-tree/node.ts";

/** Where and how a device tree does not keep the contract. */
export interface Breach {
  /** Path of the node. */
  readonly node: string;
  readonly property?: string;
  /** What is wrong, as the end of a sentence that begins with node and property. */
  readonly message: string;
  readonly hint: string;
}

export function breach(node: TreeNode, property: string, message: string, hint: string): Breach {
  return { node: node.path, property, message, hint };
}

export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
