/** A node of a flattened device tree. */
export interface TreeNode {
  /** With its unit address, as in nvlink@10,0; empty for the root. */
  readonly name: string;
  /** From the root, as in /soc/pci@30000000/nvlink@10,0; "/" for the root. */
  readonly path: string;
  readonly properties: ReadonlyMap<string, Buffer>;
  readonly children: readonly TreeNode[];
  readonly parent: TreeNode | undefined;
}

/** A node and everything below it, parents first. */
export function* nodesOf(node: TreeNode): Generator<TreeNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

/** What stands behind the @ of a node's name. */
export function unitAddress({ name }: TreeNode): string | undefined {
  const at = name.indexOf("@");
  return at < 0 ? undefined : name.slice(at + 1);
}

/** Strings of a property; nothing where it is not there or holds something else. */
export function strings(node: TreeNode, name: string): readonly string[] | undefined {
  const value = node.properties.get(name);
  if (!value || value.length === 0 || value.at(-1) !== 0) return undefined;
  const texts = value.subarray(0, -1).toString("latin1").split("\0");
  return texts.every((text) => /^[\x20-\x7e]+$/.test(text)) ? texts : undefined;
}

/** Cells (32 bits) of a property; nothing where it is not there or is no array of them. */
export function cells(node: TreeNode, name: string): readonly number[] | undefined {
  const value = node.properties.get(name);
  if (!value || value.length === 0 || value.length % 4 !== 0) return undefined;
  return Array.from({ length: value.length / 4 }, (_, index) => value.readUInt32BE(index * 4));
}

/** The only cell of a property. */
export function cell(node: TreeNode, name: string): number | undefined {
  const found = cells(node, name);
  return found?.length === 1 ? found[0] : undefined;
}
