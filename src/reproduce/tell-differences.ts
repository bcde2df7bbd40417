import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Marks } from "./cause.ts";
import type { Difference } from "./compare.ts";
import { diffoscopeLines } from "./diffoscope.ts";
import { explainDifference } from "./explain.ts";
import type { ExplainedDifference } from "./report.ts";

export interface Telling {
  readonly marks: Marks;
  /** A root with diffoscope. */
  readonly diffoscope: string | undefined;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** What explains a difference is near its beginning; a kernel with debug information has half a gigabyte. */
const mostBytes = 64 * 1024 * 1024;

/** diffoscope takes long: it looks at so many files, those where a difference began first. */
const mostCompared = 4;

/** Each difference with known causes, and what diffoscope says of the first few. */
export async function tellDifferences(
  differences: readonly Difference[],
  { marks, diffoscope, scratch, signal }: Telling,
): Promise<ExplainedDifference[]> {
  const told: ExplainedDifference[] = [];
  const began = (one: Difference): boolean => one.origins.includes(one.component);
  const order = [...differences].sort((a, b) => Number(began(b)) - Number(began(a)));
  const compared = new Set(order.filter(hasBoth).slice(0, mostCompared));
  for (const difference of differences) {
    const { path, component, origins, one, other } = difference;
    const both = hasBoth(difference);
    told.push({
      path,
      component,
      origins,
      sha256: [one?.sha256 ?? null, other?.sha256 ?? null],
      causes: both ? explainDifference(beginning(one?.host ?? ""), beginning(other?.host ?? ""), marks) : [],
      diffoscope:
        diffoscope !== undefined && compared.has(difference)
          ? await diffoscopeLines({
              root: diffoscope,
              one: one?.host ?? "",
              other: other?.host ?? "",
              scratch: join(scratch, String(told.length)),
              signal,
            })
          : [],
    });
  }
  return told;
}

function hasBoth({ one, other }: Difference): boolean {
  return one?.host !== undefined && other?.host !== undefined;
}

function beginning(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    for (let read = 0; read < mostBytes;) {
      const part = Buffer.alloc(1024 * 1024);
      const count = readSync(file, part, 0, part.length, read);
      if (count === 0) break;
      parts.push(part.subarray(0, count));
      read += count;
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(file);
  }
}
