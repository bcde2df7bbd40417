import type { SizeChange, SymbolSizes } from "./comparison.ts";
import { namesOf } from "./changes.ts";
import type { SizedSymbol } from "./elf.ts";

const shown = 15;

/** How the sizes of a program's symbols changed. Names that are there several times are taken together. */
export function compareSymbols(
  before: readonly SizedSymbol[],
  after: readonly SizedSymbol[],
  from: SymbolSizes["from"],
): SymbolSizes {
  const [left, right] = [sizes(before), sizes(after)];
  const changes: SizeChange[] = namesOf(left, right)
    .map((name) => ({ name, before: left.get(name), after: right.get(name) }))
    .filter((change) => change.before !== change.after);
  return {
    from,
    added: changes.filter((change) => change.before === undefined).length,
    removed: changes.filter((change) => change.after === undefined).length,
    growth: changes.reduce((sum, change) => sum + growth(change), 0),
    largest: changes.sort((a, b) => Math.abs(growth(b)) - Math.abs(growth(a))).slice(0, shown),
  };
}

export function growth({ before, after }: SizeChange): number {
  return (after ?? 0) - (before ?? 0);
}

/** A compiler numbers its local names ("__func__.12"), anew in each build. */
function sizes(symbols: readonly SizedSymbol[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { name, size } of symbols) {
    const plain = name.replace(/\.\d+$/, "");
    found.set(plain, (found.get(plain) ?? 0) + size);
  }
  return found;
}

/**
 * Symbols of a System.map (as nm prints it: address, type, name), each as large as the distance to the next address.
 * Absolute ones and marks between sections, which have no size, are left out.
 */
export function parseSystemMap(text: string): SizedSymbol[] {
  const symbols = text.split("\n").flatMap((line) => {
    const [, address, type, name] = /^([0-9a-f]{8,16}) ([A-Za-z?]) (\S+)/.exec(line) ?? [];
    if (address === undefined || name === undefined || type === undefined || /[aAU]/.test(type)) return [];
    return [{ address: BigInt(`0x${address}`), name }];
  });
  symbols.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  return symbols.flatMap(({ address, name }, index) => {
    const next = symbols[index + 1];
    const size = next === undefined ? 0 : Number(next.address - address);
    return size > 0 && size < 1 << 30 ? [{ name, size }] : [];
  });
}
