/** A device tree in short: properties have strings, cells, 64-bit numbers (bigint) or nothing; nodes are nested. */
export interface ShortTree {
  readonly [name: string]: string | readonly (string | number | bigint)[] | true | ShortTree;
}

function valueOf(value: string | readonly (string | number | bigint)[] | true): Buffer {
  if (value === true) return Buffer.alloc(0);
  const parts = typeof value === "string" ? [value] : value;
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === "string") return Buffer.from(`${part}\0`);
      const bytes = Buffer.alloc(typeof part === "number" ? 4 : 8);
      if (typeof part === "number") bytes.writeUInt32BE(part);
      else bytes.writeBigUInt64BE(part);
      return bytes;
    }),
  );
}

function isNode(value: ShortTree[string]): value is ShortTree {
  return typeof value === "object" && !Array.isArray(value);
}

/** Writes a flattened device tree, as dtc does. */
export function blobOf(tree: ShortTree): Buffer {
  let names = Buffer.alloc(0);
  const word = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const padded = (bytes: Buffer): Buffer =>
    Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const node = (name: string, content: ShortTree): Buffer => {
    const entries = Object.entries(content);
    const properties = entries.flatMap(([key, value]) => {
      if (isNode(value)) return [];
      const bytes = valueOf(value);
      const at = names.length;
      names = Buffer.concat([names, Buffer.from(`${key}\0`)]);
      return [word(3), word(bytes.length), word(at), padded(bytes)];
    });
    const children = entries.flatMap(([key, value]) => (isNode(value) ? [node(key, value)] : []));
    return Buffer.concat([word(1), padded(Buffer.from(`${name}\0`)), ...properties, ...children, word(2)]);
  };
  const struct = Buffer.concat([node("", tree), word(9)]);
  const structAt = 40 + 16;
  const stringsAt = structAt + struct.length;
  const total = stringsAt + names.length;
  const header = [0xd00dfeed, total, structAt, stringsAt, 40, 17, 16, 0, names.length, struct.length].map(
    word,
  );
  return Buffer.concat([...header, Buffer.alloc(16), struct, names]);
}
