import { ok, type Result } from "../failure/result.ts";
import { namesOf } from "./changes.ts";
import type { ProgramSizes, SizeChange, SymbolSizes } from "./comparison.ts";
import type { FilesCompared, Pair } from "./compare-files.ts";
import { type Elf, type ElfResult, isElf, readElf, type Section } from "./elf.ts";
import { readNamed, type Reading, type Side, withNamed } from "./side.ts";
import { compareSymbols, parseSystemMap } from "./symbols.ts";

/** Sections and symbols of the programs among the debug files, as far as both sides have them. */
export async function comparePrograms(
  before: Side,
  after: Side,
  pairs: readonly Pair[],
  systemMap: Pair | undefined,
): Promise<Result<FilesCompared<ProgramSizes>>> {
  const found: ProgramSizes[] = [];
  const leftOut: { part: string; reason: string }[] = [];
  for (const pair of pairs) {
    const program = pair.after.path;
    const [old, now] = [await elfOf(before, pair.before), await elfOf(after, pair.after)];
    if (!old.ok) return old;
    if (!now.ok) return now;
    if ("absent" in old.value || "absent" in now.value) {
      const reasons = [old.value, now.value].flatMap((read) => ("absent" in read ? [read.absent] : []));
      // What is no program on either side, such as a text, is nothing to speak of.
      if (reasons.length === 1 || reasons.some((reason) => reason !== notElf))
        leftOut.push({ part: program, reason: [...new Set(reasons)].join("; ") });
      continue;
    }
    found.push(sizesOf(program, old.value.value, now.value.value));
  }
  if (systemMap !== undefined && !found.some(({ symbols }) => symbols !== undefined)) {
    const symbols = await fromSystemMap(before, after, systemMap);
    if (!symbols.ok) return symbols;
    if (symbols.value !== undefined)
      found.push({ program: systemMap.after.path, sections: [], symbols: symbols.value });
  }
  return ok({ found, leftOut });
}

const notElf = "no ELF file";

async function elfOf(side: Side, file: Pair["before"]): Promise<Result<Reading<Elf>>> {
  const read = await withNamed(side, file, async (bytes): Promise<ElfResult> =>
    isElf(await bytes.read(0, 4)) ? readElf(bytes) : { fault: notElf },
  );
  if (!read.ok) return read;
  if ("absent" in read.value) return ok(read.value);
  const result = read.value.value;
  if ("elf" in result) return ok({ value: result.elf });
  return ok({ absent: result.fault === notElf ? notElf : `${file.path} of ${side.label}: ${result.fault}` });
}

function sizesOf(program: string, before: Elf, after: Elf): ProgramSizes {
  const symbols: SymbolSizes | undefined =
    before.symbols === undefined || after.symbols === undefined
      ? undefined
      : compareSymbols(before.symbols, after.symbols, "symbol table");
  return {
    program,
    sections: compareSections(before.sections, after.sections),
    ...(symbols === undefined ? {} : { symbols }),
  };
}

/** What is in memory while the program runs: debug information is of no interest here. */
function compareSections(before: readonly Section[], after: readonly Section[]): SizeChange[] {
  const sizes = (sections: readonly Section[]): Map<string, number> =>
    new Map(sections.filter(({ allocated }) => allocated).map(({ name, size }) => [name, size]));
  const [left, right] = [sizes(before), sizes(after)];
  return namesOf(left, right)
    .map((name) => ({ name, before: left.get(name), after: right.get(name) }))
    .filter((change) => change.before !== change.after);
}

async function fromSystemMap(
  before: Side,
  after: Side,
  pair: Pair,
): Promise<Result<SymbolSizes | undefined>> {
  const [old, now] = [await readNamed(before, pair.before), await readNamed(after, pair.after)];
  if (!old.ok) return old;
  if (!now.ok) return now;
  if ("absent" in old.value || "absent" in now.value) return ok(undefined);
  const symbols = (bytes: Buffer) => parseSystemMap(bytes.toString("latin1"));
  return ok(compareSymbols(symbols(old.value.value), symbols(now.value.value), "System.map"));
}
