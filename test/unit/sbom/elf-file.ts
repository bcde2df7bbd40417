/** A small 64-bit little-endian ELF executable with what a test wants to be found in it. */
export function elfFile(
  content: {
    readonly machine?: number;
    readonly interpreter?: boolean;
    readonly abiTag?: boolean;
    readonly files?: readonly string[];
  } = {},
): Buffer {
  const note = Buffer.alloc(32);
  note.writeUInt32LE(4, 0);
  note.writeUInt32LE(16, 4);
  note.writeUInt32LE(1, 8);
  note.write("GNU\0", 12, "latin1");
  const names = Buffer.from(`\0${(content.files ?? []).map((name) => `${name}\0`).join("")}`);
  const symbols = Buffer.alloc(24 * ((content.files ?? []).length + 1));
  (content.files ?? []).forEach((name, index) => {
    symbols.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, 24 * (index + 1));
    symbols.writeUInt8(4, 24 * (index + 1) + 4);
  });

  const segments = [
    ...(content.interpreter === true ? [{ type: 3, data: Buffer.from("/lib/ld.so\0") }] : []),
    ...(content.abiTag === true ? [{ type: 4, data: note }] : []),
  ];
  const headerBytes = 64 + segments.length * 56 + 3 * 64;
  const header = Buffer.alloc(headerBytes);
  header.write("\x7fELF", 0, "latin1");
  header.writeUInt8(2, 4);
  header.writeUInt8(1, 5);
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(content.machine ?? 243, 18);
  header.writeBigUInt64LE(64n, 32);
  header.writeBigUInt64LE(BigInt(64 + segments.length * 56), 40);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(segments.length, 56);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(3, 60);
  const parts: Buffer[] = [header];
  let at = headerBytes;
  const append = (data: Buffer): bigint => {
    parts.push(data);
    at += data.length;
    return BigInt(at - data.length);
  };
  segments.forEach(({ type, data }, index) => {
    const row = 64 + index * 56;
    header.writeUInt32LE(type, row);
    header.writeBigUInt64LE(append(data), row + 8);
    header.writeBigUInt64LE(BigInt(data.length), row + 32);
    header.writeBigUInt64LE(4n, row + 48);
  });
  const sections = [
    { type: 2, data: symbols, link: 2 },
    { type: 3, data: names, link: 0 },
  ];
  sections.forEach(({ type, data, link }, index) => {
    const row = 64 + segments.length * 56 + (index + 1) * 64;
    header.writeUInt32LE(type, row + 4);
    header.writeBigUInt64LE(append(data), row + 24);
    header.writeBigUInt64LE(BigInt(data.length), row + 32);
    header.writeUInt32LE(link, row + 40);
  });
  return Buffer.concat(parts);
}

/** A static library with members of these names, as GNU ar writes it. */
export function archiveFile(members: readonly string[]): Buffer {
  const long = members.filter((name) => name.length > 15);
  const table = long.map((name) => `${name}/\n`).join("");
  const header = (name: string, size: number): string =>
    `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"644".padEnd(8)}${String(size).padEnd(10)}\`\n`;
  const padded = (text: string): string => (text.length % 2 === 0 ? text : `${text}\n`);
  const parts = ["!<arch>\n", header("/", 3), padded("abc")];
  if (table !== "") parts.push(header("//", table.length), padded(table));
  for (const name of members) {
    const shown = name.length > 15 ? `/${table.indexOf(`${name}/`)}` : `${name}/`;
    parts.push(header(shown, 5), padded("bytes"));
  }
  return Buffer.from(parts.join(""), "latin1");
}
