import { likelyCause, shown, type Cause, type Marks } from "./cause.ts";

/** A region of two files that differs, as printable text around the first differing byte. */
interface Region {
  readonly one: string;
  readonly other: string;
}

const mostRegions = 200;
const around = 48;

/**
 * Known causes of why two files differ, from the differing bytes alone: each kind once, in the order in which they appear.
 */
export function explainDifference(one: Buffer, other: Buffer, marks: Marks): Cause[] {
  const reordered = explainOrder(one, other, marks);
  if (reordered) return [reordered];
  const causes = new Map<string, Cause>();
  for (const region of differingRegions(one, other)) {
    const cause = likelyCause(region.one, region.other, marks);
    if (cause && !causes.has(cause.cause)) causes.set(cause.cause, cause);
  }
  const binary = causes.size === 0 ? explainBinary(one, other) : undefined;
  return [...causes.values(), ...(binary ? [binary] : [])];
}

/** The same lines, or the same printable strings, in another order. */
function explainOrder(one: Buffer, other: Buffer, { locales }: Marks): Cause | undefined {
  if (one.length !== other.length) return undefined;
  const [a, b] = [pieces(one), pieces(other)];
  if (a.length < 2 || a.length !== b.length) return undefined;
  const [sortedA, sortedB] = [[...a].sort(), [...b].sort()];
  if (sortedA.some((text, index) => text !== sortedB[index])) return undefined;
  const at = a.findIndex((text, index) => text !== b[index]);
  if (at < 0) return undefined;
  const locale = locales.length > 0 ? ", or the locale's way of sorting" : "";
  return {
    cause: `an order: of files as they were read, of a hash table, of parallel jobs${locale}`,
    found: [shown(a[at] ?? ""), shown(b[at] ?? "")],
    remedy:
      "sort first, with LC_ALL=C: `sort`, `find … | LC_ALL=C sort`, `tar --sort=name`, $(sort $(wildcard …))",
  };
}

/** Lines of a text; of a binary, its printable strings. Words where a text has one line. */
function pieces(bytes: Buffer): string[] {
  const text = bytes.toString("latin1");
  if (bytes.includes(0)) return text.match(/[\x20-\x7e]{4,}/g) ?? [];
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.length > 1 ? lines : text.split(/\s+/).filter((word) => word !== "");
}

function* differingRegions(one: Buffer, other: Buffer): Generator<Region> {
  const end = Math.min(one.length, other.length);
  let regions = 0;
  for (let at = 0; at < end && regions < mostRegions; at += 1) {
    if (one[at] === other[at]) continue;
    regions += 1;
    yield { one: textAround(one, at), other: textAround(other, at) };
    at += around;
  }
  if (one.length !== other.length && regions === 0) {
    yield { one: textAround(one, end), other: textAround(other, end) };
  }
}

/** Printable text at a place: as far as it goes without a zero byte or an end of line, up to a limit. */
function textAround(bytes: Buffer, at: number): string {
  let [from, to] = [at, at];
  while (from > 0 && at - from < around && isText(bytes[from - 1])) from -= 1;
  while (to < bytes.length && to - at < around && isText(bytes[to])) to += 1;
  return bytes.subarray(from, to).toString("latin1");
}

function isText(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x20 && byte < 0x7f;
}

const year = 365 * 24 * 3600;

/** A 32-bit time of the last and coming years in either file at the first place where they differ. */
function explainBinary(one: Buffer, other: Buffer): Cause | undefined {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one[at] === other[at]) at += 1;
  for (let from = Math.max(0, at - 3); from <= at && from + 4 <= end; from += 1) {
    for (const read of ["readUInt32LE", "readUInt32BE"] as const) {
      const [a, b] = [one[read](from), other[read](from)];
      if ([one, other].every((bytes) => bytes.subarray(from, from + 4).every((byte) => isText(byte))))
        continue;
      if (![a, b].every((seconds) => seconds > 46 * year && seconds < 70 * year) || a === b) continue;
      return {
        cause: "a date or time, in binary",
        found: [isoTime(a), isoTime(b)],
        remedy:
          "SOURCE_DATE_EPOCH in its place; `gzip -n`, `tar --mtime`, `ar D`, mkimage with SOURCE_DATE_EPOCH",
      };
    }
  }
  return undefined;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
