import { describe, expect, test } from "vitest";
import type { DiskUse } from "../../../src/store/disk-use.ts";
import { type Candidate, chooseGarbage, isInUse } from "../../../src/store/garbage.ts";

const candidate = (name: string, lastUsedMs: number): Candidate => ({
  kind: "entry",
  name,
  path: name,
  lastUsedMs,
});

function tenBytesEach(count: number): DiskUse {
  let left = count;
  return {
    add: () => Promise.resolve(),
    total: () => left * 10,
    remove: () => {
      left -= 1;
      return 10;
    },
  };
}

const old = candidate("old", 100);
const middle = candidate("middle", 500);
const young = candidate("young", 900);
const names = (chosen: readonly Candidate[]): string[] => chosen.map(({ name }) => name);

describe("garbage", () => {
  test("by age is what was not used for longer", () => {
    expect(names(chooseGarbage([young, old, middle], { maxAgeMs: 450 }, tenBytesEach(3), 1_000))).toEqual([
      "old",
      "middle",
    ]);
  });

  test("by size is the longest unused, as much as has to go", () => {
    expect(names(chooseGarbage([young, old, middle], { maxBytes: 40 }, tenBytesEach(5), 1_000))).toEqual([
      "old",
    ]);
    expect(chooseGarbage([young, old, middle], { maxBytes: 50 }, tenBytesEach(5), 1_000)).toEqual([]);
  });

  test("by both limits is what either asks for", () => {
    const limits = { maxAgeMs: 600, maxBytes: 10 };
    expect(names(chooseGarbage([young, old, middle], limits, tenBytesEach(3), 1_000))).toEqual([
      "old",
      "middle",
    ]);
  });

  test("without a limit is all that nobody needs", () => {
    expect(chooseGarbage([young, old], {}, tenBytesEach(2), 1_000)).toHaveLength(2);
  });
});

describe("beside a running command", () => {
  const sessions = [
    { startedMs: 600, fingerprints: new Set(["old"]) },
    { startedMs: 800, fingerprints: new Set<string>() },
  ];

  test("stays what it named, and what was used since the oldest one began", () => {
    expect(isInUse(old, old.lastUsedMs, sessions)).toBe(true);
    expect(isInUse(middle, middle.lastUsedMs, sessions)).toBe(false);
    expect(isInUse(middle, 600, sessions)).toBe(true);
    expect(isInUse(young, young.lastUsedMs, sessions)).toBe(true);
  });

  test("stays every root and download", () => {
    expect(isInUse({ ...old, kind: "root" }, 0, sessions)).toBe(true);
    expect(isInUse({ ...old, kind: "download" }, 0, sessions)).toBe(true);
    expect(isInUse({ ...old, kind: "root" }, 0, [])).toBe(false);
  });
});
