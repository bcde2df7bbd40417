/** Reads bytes of a file; fewer than asked for where the file ends. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** What an executable tells of the libraries that were linked into it. */
export interface ElfFacts {
  /** e_machine of the header: 243 is RISC-V, 62 is x86-64. */
  readonly machine: number;
  /** True where a dynamic loader is asked for. */
  readonly interpreter: boolean;
  /** True where the start code of a GNU/Linux C library is in it. */
  readonly gnuLinux: boolean;
  /** Names of STT_FILE symbols: sources in C, and members of archives for what was written in assembler. */
  readonly files: ReadonlySet<string>;
}

const segment = { interpreter: 3, note: 4 };
const symbolTable = 2;
const fileSymbol = 4;
/** NT_GNU_ABI_TAG, which only crt1.o and the C library itself have. */
const abiTag = 1;
/** More than any symbol table has; a size beyond it is not believed. */
const largestTable = 256 * 1024 * 1024;

/**
 * Reads a 64-bit little-endian ELF executable (System V ABI, gABI chapters 4 and 5). Undefined for any other file,
 * and for one whose tables lead nowhere.
 */
export function readElf(readAt: ReadAt): ElfFacts | undefined {
  const header = readAt(0, 64);
  if (header.length < 64 || header.readUInt32BE(0) !== 0x7f454c46) return undefined;
  if (header.readUInt8(4) !== 2 || header.readUInt8(5) !== 1) return undefined;
  const type = header.readUInt16LE(16);
  if (type !== 2 && type !== 3) return undefined;
  const segments = table(
    readAt,
    header.readBigUInt64LE(32),
    header.readUInt16LE(54),
    header.readUInt16LE(56),
    56,
  );
  const sections = table(
    readAt,
    header.readBigUInt64LE(40),
    header.readUInt16LE(58),
    header.readUInt16LE(60),
    64,
  );
  if (segments === undefined || sections === undefined) return undefined;
  const typeOf = (row: Buffer): number => row.readUInt32LE(0);
  return {
    machine: header.readUInt16LE(18),
    interpreter: segments.some((row) => typeOf(row) === segment.interpreter),
    gnuLinux: segments.some(
      (row) => typeOf(row) === segment.note && hasAbiTag(content(readAt, row, 8, 32), row),
    ),
    files: new Set(
      sections
        .filter((row) => row.readUInt32LE(4) === symbolTable)
        .flatMap((row) => fileNames(readAt, row, sections[row.readUInt32LE(40)])),
    ),
  };
}

/** Rows of a header table; none where there is no table, undefined where it is not one. */
function table(
  readAt: ReadAt,
  offset: bigint,
  size: number,
  count: number,
  least: number,
): Buffer[] | undefined {
  if (count === 0 || offset === 0n) return [];
  if (size < least || offset > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const bytes = readAt(Number(offset), size * count);
  if (bytes.length < size * count) return undefined;
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** What a row of a header table points to; its offset and size are at these places in the row. */
function content(readAt: ReadAt, row: Buffer, offsetAt: number, sizeAt: number): Buffer {
  const [offset, size] = [row.readBigUInt64LE(offsetAt), row.readBigUInt64LE(sizeAt)];
  if (offset > BigInt(Number.MAX_SAFE_INTEGER) || size > BigInt(largestTable)) return Buffer.alloc(0);
  return readAt(Number(offset), Number(size));
}

function hasAbiTag(notes: Buffer, row: Buffer): boolean {
  const alignment = row.readBigUInt64LE(48) === 8n ? 8 : 4;
  const aligned = (size: number): number => Math.ceil(size / alignment) * alignment;
  for (let at = 0; at + 12 <= notes.length;) {
    const [nameSize, size, type] = [
      notes.readUInt32LE(at),
      notes.readUInt32LE(at + 4),
      notes.readUInt32LE(at + 8),
    ];
    const name = notes.toString("latin1", at + 12, at + 12 + nameSize);
    if (type === abiTag && name === "GNU\0") return true;
    at += aligned(12 + nameSize) + aligned(size);
  }
  return false;
}

function fileNames(readAt: ReadAt, row: Buffer, strings: Buffer | undefined): string[] {
  if (strings === undefined) return [];
  const symbols = content(readAt, row, 24, 32);
  const text = content(readAt, strings, 24, 32);
  const names: string[] = [];
  for (let at = 0; at + 24 <= symbols.length; at += 24) {
    if ((symbols.readUInt8(at + 4) & 0xf) !== fileSymbol) continue;
    const start = symbols.readUInt32LE(at);
    const end = text.indexOf(0, start);
    if (end > start) names.push(text.toString("utf8", start, end));
  }
  return names;
}
