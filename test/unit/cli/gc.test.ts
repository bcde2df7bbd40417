import { expect, test } from "vitest";
import { describeEnd, describeRemoved } from "../../../src/cli/run/gc.ts";

test("what went is told by its kind", () => {
  const table = describeRemoved([
    { kind: "entry", name: "a", bytes: 1024 },
    { kind: "download", name: "b", bytes: 10 },
    { kind: "entry", name: "c", bytes: 1024 },
  ]);
  expect(table).toBe("removed    count     size\noutputs        2  2.0 KiB\ndownloads      1     10 B");
});

test("nothing to remove makes no table", () => {
  expect(describeRemoved([])).toBeUndefined();
});

test("the end says what is free now, what remains, and that running commands kept something", () => {
  const report = { removed: [], bytesFreed: 2048, bytesKept: 0, sessions: 0 };
  expect(describeEnd(report, false)).toBe("freed 2.0 KiB, 0 B remain");
  expect(describeEnd({ ...report, sessions: 2 }, true)).toBe(
    "would free 2.0 KiB, 0 B remain; what 2 running commands may need was kept",
  );
});
