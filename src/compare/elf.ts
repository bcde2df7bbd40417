/** Bytes of a file that is too large to be read at once. */
export interface ByteSource {
  readonly size: number;
  /** As many bytes as asked for, or fewer at the end. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
}

export interface Section {
  readonly name: string;
  /** Bytes in memory. */
  readonly size: number;
  /** Whether it is in memory while the program runs. */
  readonly allocated: boolean;
}

export interface SizedSymbol {
  readonly name: string;
  readonly size: number;
}

export interface Elf {
  readonly sections: readonly Section[];
  /** Functions and data; undefined where the program has no symbol table. */
  readonly symbols?: readonly SizedSymbol[];
}

export type ElfResult = { readonly elf: Elf } | { readonly fault: string };

/** Numbers of the System V ABI, chapters 4 and 5 (gabi, draft of 2013). */
const magic = Buffer.from("\x7fELF", "latin1");
const symbolTable = 2;
const allocFlag = 2;
const symbolTypes = { object: 1, function: 2 } as const;
const mostSections = 100_000;

/** More than the symbol table of a kernel with everything in it. */
const largestTable = 512 * 1024 * 1024;

interface Header {
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly entrySize: number;
}

export function isElf(start: Buffer): boolean {
  return start.subarray(0, 4).equals(magic);
}

/**
 * Reads sections and symbols of an ELF file, 32 or 64 bits, either byte order. Any bytes are safe: what does not hold
 * together is a fault, never an exception.
 */
export async function readElf(bytes: ByteSource): Promise<ElfResult> {
  const start = await bytes.read(0, 64);
  if (start.length < 52 || !isElf(start)) return { fault: "it does not begin as an ELF file does" };
  const [wide, little] = [start[4] === 2, start[5] !== 2];
  const field = fields(wide, little);
  if (wide && start.length < 64) return { fault: "it is cut off" };
  const table = { offset: field.address(start, wide ? 40 : 32), entry: field.half(start, wide ? 58 : 46) };
  const smallest = wide ? 64 : 40;
  if (table.offset === 0) return { elf: { sections: [] } };
  if (table.entry < smallest) return { fault: `its section headers have ${table.entry} bytes` };
  const first = await bytes.read(table.offset, table.entry);
  if (first.length < smallest) return { fault: "it is cut off before its section headers" };
  const zeroth = sectionHeader(first, field, wide);
  // More sections than the field can count: section 0 has their number, and that of the names.
  const count = field.half(start, wide ? 60 : 48) || zeroth.size;
  const namesAt = field.half(start, wide ? 62 : 50);
  const namesIndex = namesAt === 0xffff ? zeroth.link : namesAt;
  if (count > mostSections) return { fault: `it claims ${count} sections` };
  const raw = await bytes.read(table.offset, table.entry * count);
  if (raw.length < table.entry * count) return { fault: "it is cut off in its section headers" };
  const headers = Array.from({ length: count }, (_, index) =>
    sectionHeader(raw.subarray(index * table.entry), field, wide),
  );
  const names = await content(bytes, headers[namesIndex]);
  if (names === undefined) return { fault: "the names of its sections are not there" };
  const sections = headers.slice(1).map(({ name, size, flags }) => ({
    name: textAt(names, name),
    size,
    allocated: (flags & allocFlag) !== 0,
  }));
  const symtab = headers.find(({ type }) => type === symbolTable);
  if (symtab === undefined) return { elf: { sections } };
  const [entries, texts] = [await content(bytes, symtab), await content(bytes, headers[symtab.link])];
  if (entries === undefined || texts === undefined) return { fault: "its symbol table is cut off" };
  return { elf: { sections, symbols: symbolsOf(entries, texts, field, wide) } };
}

interface Fields {
  readonly half: (bytes: Buffer, at: number) => number;
  readonly word: (bytes: Buffer, at: number) => number;
  readonly address: (bytes: Buffer, at: number) => number;
}

function fields(wide: boolean, little: boolean): Fields {
  const word = (bytes: Buffer, at: number): number =>
    little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  return {
    half: (bytes, at) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    word,
    address: (bytes, at) =>
      wide ? Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)) : word(bytes, at),
  };
}

function sectionHeader(bytes: Buffer, { word, address }: Fields, wide: boolean): Header {
  const at = wide
    ? { flags: 8, offset: 24, size: 32, link: 40, entrySize: 56 }
    : { flags: 8, offset: 16, size: 20, link: 24, entrySize: 36 };
  return {
    name: word(bytes, 0),
    type: word(bytes, 4),
    // The flags that are looked at are in the low half.
    flags: Number(BigInt(address(bytes, at.flags)) & 0xffffffffn),
    offset: address(bytes, at.offset),
    size: address(bytes, at.size),
    link: word(bytes, at.link),
    entrySize: address(bytes, at.entrySize),
  };
}

async function content(bytes: ByteSource, header: Header | undefined): Promise<Buffer | undefined> {
  if (header === undefined || header.size > largestTable || header.offset + header.size > bytes.size)
    return undefined;
  const read = await bytes.read(header.offset, header.size);
  return read.length === header.size ? read : undefined;
}

function symbolsOf(entries: Buffer, names: Buffer, { word, address }: Fields, wide: boolean): SizedSymbol[] {
  const step = wide ? 24 : 16;
  const symbols: SizedSymbol[] = [];
  for (let at = 0; at + step <= entries.length; at += step) {
    const type = entries.readUInt8(at + (wide ? 4 : 12)) & 15;
    const size = address(entries, at + (wide ? 16 : 8));
    if (size === 0 || (type !== symbolTypes.object && type !== symbolTypes.function)) continue;
    symbols.push({ name: textAt(names, word(entries, at)), size });
  }
  return symbols;
}

function textAt(bytes: Buffer, at: number): string {
  if (at >= bytes.length) return "";
  const end = bytes.indexOf(0, at);
  return bytes.toString("latin1", at, end < 0 ? bytes.length : end);
}
