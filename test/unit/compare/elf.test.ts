import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ByteSource, readElf } from "../../../src/compare/elf.ts";
import { compareSymbols, parseSystemMap } from "../../../src/compare/symbols.ts";
import { elfOf } from "../../support/elf-file.ts";

function source(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

const content = {
  sections: { ".text": 4096, ".bss": 512, ".debug_info": 9000 },
  symbols: { start_kernel: 700, jiffies: 8 },
};

describe("an ELF file", () => {
  it.each([
    ["64 bits, little-endian", { wide: true, little: true }],
    ["64 bits, big-endian", { wide: true, little: false }],
    ["32 bits, little-endian", { wide: false, little: true }],
    ["32 bits, big-endian", { wide: false, little: false }],
  ])("of %s is read with sections and symbols", async (_name, form) => {
    const read = await readElf(source(elfOf({ ...form, ...content })));
    if ("fault" in read) throw new Error(read.fault);
    const sizes = Object.fromEntries(
      read.elf.sections.filter(({ allocated }) => allocated).map(({ name, size }) => [name, size]),
    );
    expect(sizes).toEqual({ ".text": 4096, ".bss": 512 });
    expect(read.elf.symbols).toEqual([
      { name: "start_kernel", size: 700 },
      { name: "jiffies", size: 8 },
    ]);
  });

  it("without symbols has none", async () => {
    const read = await readElf(source(elfOf({ sections: content.sections })));
    expect("elf" in read && read.elf.symbols).toBe(undefined);
  });

  it("that is cut off or altered anywhere is a fault or another reading, never an exception", async () => {
    const good = elfOf(content);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length),
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
        async (length, edits) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of edits) bytes[at] = value;
          const read = await readElf(source(bytes.subarray(0, length)));
          expect("fault" in read || "elf" in read).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("of another kind is a fault", async () => {
    expect(await readElf(source(Buffer.from("#!/bin/sh\n".repeat(20))))).toHaveProperty("fault");
  });
});

describe("symbols", () => {
  const symbols = (sizes: Readonly<Record<string, number>>) =>
    Object.entries(sizes).map(([name, size]) => ({ name, size }));

  it("are compared by name, the largest change first", () => {
    const before = symbols({ kept: 10, grown: 100, gone: 50, shrunk: 400 });
    const after = symbols({ kept: 10, grown: 130, fresh: 7, shrunk: 200 });
    expect(compareSymbols(before, after, "symbol table")).toEqual({
      from: "symbol table",
      added: 1,
      removed: 1,
      growth: -213,
      largest: [
        { name: "shrunk", before: 400, after: 200 },
        { name: "gone", before: 50, after: undefined },
        { name: "grown", before: 100, after: 130 },
        { name: "fresh", before: undefined, after: 7 },
      ],
    });
  });

  it("of one name are taken together, whatever number the compiler gave them", () => {
    const before = [
      ...symbols({ "__func__.1": 10, "__func__.2": 12 }),
      { name: "local", size: 4 },
      { name: "local", size: 4 },
    ];
    const after = [...symbols({ "__func__.7": 12, "__func__.9": 10 }), { name: "local", size: 8 }];
    expect(compareSymbols(before, after, "symbol table").largest).toEqual([]);
  });

  it("of a System.map are as large as the distance to the next one", () => {
    const map = [
      "ffffffff80000000 T _start",
      "ffffffff80000010 t helper",
      "ffffffff80000010 T alias",
      "ffffffff80000100 D data",
      "00000000000000ff A absolute",
      "no line",
      "",
    ].join("\n");
    expect(parseSystemMap(map)).toEqual([
      { name: "_start", size: 16 },
      { name: "alias", size: 240 },
    ]);
  });
});
