import type { TreeNode } from "./node.ts";

/** Tokens and numbers of the flattened format: Devicetree Specification v0.4, chapter 5. */
const magic = 0xd00dfeed;
const token = { beginNode: 1, endNode: 2, property: 3, nop: 4, end: 9 } as const;
const headerBytes = 40;
const oldestVersion = 17;

/** As deep as Linux unflattens. */
const maxDepth = 64;

export type DtbResult = { readonly tree: TreeNode } | { readonly fault: string };

interface OpenNode extends TreeNode {
  readonly properties: Map<string, Buffer>;
  readonly children: TreeNode[];
}

/** Reads a flattened device tree. Any bytes are safe: what does not hold together is a fault, never an exception. */
export function readDtb(bytes: Buffer): DtbResult {
  if (bytes.length < headerBytes || bytes.readUInt32BE(0) !== magic)
    return { fault: "it does not begin as a flattened device tree does" };
  const [total, structAt, stringsAt] = [4, 8, 12].map((at) => bytes.readUInt32BE(at)) as [
    number,
    number,
    number,
  ];
  const [version, compatible] = [bytes.readUInt32BE(20), bytes.readUInt32BE(24)];
  const [stringsSize, structSize] = [bytes.readUInt32BE(32), bytes.readUInt32BE(36)];
  if (version < oldestVersion || compatible > oldestVersion)
    return { fault: `its version ${version} (compatible with ${compatible}) is not read here` };
  if (total > bytes.length || structAt + structSize > total || stringsAt + stringsSize > total)
    return { fault: "it is cut off" };
  return readStructure(
    bytes.subarray(structAt, structAt + structSize),
    bytes.subarray(stringsAt, stringsAt + stringsSize),
  );
}

function readStructure(struct: Buffer, names: Buffer): DtbResult {
  let at = 0;
  let root: OpenNode | undefined;
  const open: OpenNode[] = [];
  while (at + 4 <= struct.length) {
    const current = open.at(-1);
    const kind = struct.readUInt32BE(at);
    at += 4;
    switch (kind) {
      case token.nop:
        break;
      case token.beginNode: {
        const name = textAt(struct, at);
        if (name === undefined || open.length === maxDepth || (root && !current))
          return { fault: `the node at byte ${at} cannot be` };
        const path = current === undefined ? "/" : `${current.path === "/" ? "" : current.path}/${name}`;
        const node: OpenNode = { name, path, properties: new Map(), children: [], parent: current };
        current?.children.push(node);
        root ??= node;
        open.push(node);
        at = aligned(at + name.length + 1);
        break;
      }
      case token.property: {
        if (!current || at + 8 > struct.length) return { fault: `the property at byte ${at} cannot be` };
        const length = struct.readUInt32BE(at);
        const name = textAt(names, struct.readUInt32BE(at + 4));
        const end = at + 8 + length;
        if (name === undefined || end > struct.length)
          return { fault: `a property of ${current.path} is cut off` };
        current.properties.set(name, struct.subarray(at + 8, end));
        at = aligned(end);
        break;
      }
      case token.endNode:
        if (!open.pop()) return { fault: `a node ends at byte ${at} that did not begin` };
        break;
      case token.end:
        return root && open.length === 0 ? { tree: root } : { fault: "it ends inside a node" };
      default:
        return { fault: `byte ${at - 4} of its structure is no token` };
    }
  }
  return { fault: "its structure has no end" };
}

/** Text up to its NUL; nothing where there is none. */
function textAt(bytes: Buffer, at: number): string | undefined {
  const end = at < bytes.length ? bytes.indexOf(0, at) : -1;
  return end < 0 ? undefined : bytes.toString("latin1", at, end);
}

function aligned(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
