/** A node of a flattened device tree, as an attacker with an editor sees it. Order is kept. */
export interface FitNode {
  name: string;
  readonly properties: [name: string, value: Buffer][];
  readonly children: FitNode[];
}

/** A FIT taken apart (Devicetree Specification 0.4, chapter 5). */
export interface FitTree {
  readonly root: FitNode;
  /** The strings block as it was: what is signed begins with it. */
  readonly strings: Buffer;
}

const beginNode = 1;
const endNode = 2;
const property = 3;
const nop = 4;

const padded = (bytes: number): number => (bytes + 3) & ~3;

function textAt(block: Buffer, offset: number): string {
  return block.toString("utf8", offset, block.indexOf(0, offset));
}

export function takeApart(fit: Buffer): FitTree {
  const structure = fit.readUInt32BE(8);
  const strings = fit.subarray(fit.readUInt32BE(12), fit.readUInt32BE(12) + fit.readUInt32BE(32));
  let at = structure;
  const word = (): number => {
    at += 4;
    return fit.readUInt32BE(at - 4);
  };
  const node = (): FitNode => {
    const name = textAt(fit, at);
    at += padded(name.length + 1);
    const read: FitNode = { name, properties: [], children: [] };
    for (;;) {
      const token = word();
      if (token === endNode) return read;
      if (token === beginNode) read.children.push(node());
      else if (token === property) {
        const [length, offset] = [word(), word()];
        read.properties.push([textAt(strings, offset), fit.subarray(at, at + length)]);
        at += padded(length);
      } else if (token !== nop) throw new Error(`token ${String(token)} in a FIT`);
    }
  };
  if (word() !== beginNode) throw new Error("a FIT without a root node");
  return { root: node(), strings };
}

export function childOf(node: FitNode, ...path: readonly string[]): FitNode {
  let found = node;
  for (const name of path) {
    const next = found.children.find((child) => child.name === name);
    if (!next) throw new Error(`no node ${name} below ${found.name}`);
    found = next;
  }
  return found;
}

export function valueOf(node: FitNode, name: string): Buffer {
  const found = node.properties.find(([one]) => one === name);
  if (!found) throw new Error(`no property ${name} in ${node.name}`);
  return found[1];
}
