/** What a small ELF file has in it. */
export interface ShortElf {
  readonly wide?: boolean;
  readonly little?: boolean;
  /** Sections that are in memory, with their sizes; ".debug…" are not. */
  readonly sections: Readonly<Record<string, number>>;
  /** Functions and their sizes. */
  readonly symbols?: Readonly<Record<string, number>>;
}

/** Writes an ELF file with a section table, and no contents but names and symbols. */
export function elfOf({ wide = true, little = true, sections, symbols }: ShortElf): Buffer {
  const number = (bytes: number, value: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    if (bytes === 8) {
      if (little) buffer.writeBigUInt64LE(BigInt(value));
      else buffer.writeBigUInt64BE(BigInt(value));
    } else if (little) buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const address = (value: number): Buffer => number(wide ? 8 : 4, value);
  const text = (names: readonly string[]): { bytes: Buffer; at: (name: string) => number } => {
    const bytes = Buffer.from(`\0${names.map((name) => `${name}\0`).join("")}`, "latin1");
    return { bytes, at: (name) => (name === "" ? 0 : bytes.indexOf(`\0${name}\0`, 0, "latin1") + 1) };
  };
  const names = text([...Object.keys(sections), ".symtab", ".strtab", ".shstrtab"]);
  const symbolNames = text(Object.keys(symbols ?? {}));
  const symbol = (name: string, size: number, type: number): Buffer =>
    wide
      ? Buffer.concat([
          number(4, symbolNames.at(name)),
          number(1, type),
          number(1, 0),
          number(2, 1),
          number(8, 0),
          number(8, size),
        ])
      : Buffer.concat([
          number(4, symbolNames.at(name)),
          number(4, 0),
          number(4, size),
          number(1, type),
          number(1, 0),
          number(2, 1),
        ]);
  const symtab = Buffer.concat([
    symbol("", 0, 0),
    ...Object.entries(symbols ?? {}).map(([name, size]) => symbol(name, size, 0x12)),
  ]);
  const headerSize = wide ? 64 : 52;
  const entrySize = wide ? 64 : 40;
  const contents = [symtab, symbolNames.bytes, names.bytes];
  const at = contents.map(
    (_, index) => headerSize + contents.slice(0, index).reduce((sum, { length }) => sum + length, 0),
  );
  const section = (
    name: string,
    type: number,
    flags: number,
    offset: number,
    size: number,
    link = 0,
  ): Buffer =>
    Buffer.concat([
      number(4, names.at(name)),
      number(4, type),
      address(flags),
      address(0),
      address(offset),
      address(size),
      number(4, link),
      number(4, 0),
      address(1),
      address(0),
    ]);
  const own = Object.entries(sections).map(([name, size]) =>
    section(name, name === ".bss" ? 8 : 1, name.startsWith(".debug") ? 0 : 2, 0, size),
  );
  const first = 1 + own.length;
  const table = [
    section("", 0, 0, 0, 0),
    ...own,
    section(".symtab", symbols === undefined ? 1 : 2, 0, at[0] ?? 0, symtab.length, first + 1),
    section(".strtab", 3, 0, at[1] ?? 0, symbolNames.bytes.length),
    section(".shstrtab", 3, 0, at[2] ?? 0, names.bytes.length),
  ];
  const tableAt = headerSize + contents.reduce((sum, { length }) => sum + length, 0);
  const header = Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    number(2, 2),
    number(2, 243),
    number(4, 1),
    address(0),
    address(0),
    address(tableAt),
    number(4, 0),
    number(2, headerSize),
    number(2, 0),
    number(2, 0),
    number(2, entrySize),
    number(2, table.length),
    number(2, table.length - 1),
  ]);
  return Buffer.concat([header, ...contents, ...table]);
}
