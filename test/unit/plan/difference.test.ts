import { expect, test } from "vitest";
import { differences, type Remembered } from "../../../src/plan/difference.ts";
import type { NodeMemory } from "../../../src/plan/last-build.ts";

type Change = Partial<Omit<NodeMemory, "signature">>;

const remembered = (
  signature: Record<string, string>,
  change: Change = {},
  roots: Remembered["roots"] = {},
): Remembered => ({
  node: { fingerprint: JSON.stringify(signature), signature, ...change },
  roots,
  nodeOf: (mount) => (mount === "/src" ? "lib/patched" : undefined),
});

const between = (before: Record<string, string>, after: Record<string, string>) =>
  differences(remembered(before), remembered(after));

test("the same inputs have no differences", () => {
  expect(between({ epoch: "1", "file a": "x" }, { epoch: "1", "file a": "x" })).toEqual([]);
});

test.each([
  ["environment ARCH", "the variable ARCH", "1 → 2"],
  ["file dts/board.dts", "the file dts/board.dts", undefined],
  ["overlay drivers/new.c", "the overlay file drivers/new.c", undefined],
  ["text boot.its", "the generated boot.its", undefined],
  ["input /in/lib", "what is at /in/lib", undefined],
  ["epoch", "the build epoch", "1 → 2"],
  ["sandbox", "nvlab's sandbox policy", "1 → 2"],
  ["strip", "how many leading folders are dropped", "1 → 2"],
  ["outputs", "the list of outputs", "1 → 2"],
  ["kind", "nvlab's own way of making it", "1 → 2"],
  ["source", "the source", "1 → 2"],
  ["script", "the script of its steps", undefined],
  ["root", "the root", undefined],
])("a changed '%s' is called %s", (key, what, detail) => {
  expect(between({ [key]: "1" }, { [key]: "2" })).toEqual([
    { what, change: "changed", ...(detail !== undefined && { detail }) },
  ]);
});

test("what is new and what is gone are told apart", () => {
  expect(between({ "file old": "1" }, { "file new": "1", incremental: "yes" })).toEqual([
    { what: "the file new", change: "added" },
    { what: "the file old", change: "removed" },
    { what: "the option --incremental", change: "added" },
  ]);
});

test("an input from another node names that node, so that its own reasons can be followed", () => {
  expect(between({ "input /src": "1" }, { "input /src": "2" })).toEqual([
    { what: "what is at /src", change: "changed", node: "lib/patched" },
  ]);
});

test("a new first patch is one new patch, not a change of all", () => {
  expect(
    between(
      { "patch 0000 0002-b.patch": "b", "patch 0001 0003-c.patch": "c" },
      { "patch 0000 0001-a.patch": "a", "patch 0001 0002-b.patch": "b", "patch 0002 0003-c.patch": "c2" },
    ),
  ).toEqual([
    { what: "the patch 0001-a.patch", change: "added" },
    { what: "the patch 0003-c.patch", change: "changed" },
  ]);
});

test("two patches of one name from two folders are both seen", () => {
  expect(
    between(
      { "patch 0000 a.patch": "1", "patch 0001 a.patch": "2" },
      { "patch 0000 a.patch": "1", "patch 0001 a.patch": "3" },
    ),
  ).toEqual([{ what: "the patch a.patch", change: "changed" }]);
});

test("the same patches in another order are another order", () => {
  expect(
    between(
      { "patch 0000 a.patch": "1", "patch 0001 b.patch": "2" },
      { "patch 0000 b.patch": "2", "patch 0001 a.patch": "1" },
    ),
  ).toEqual([{ what: "the order of the patches", change: "changed" }]);
});

test("requested options are named with their values and the line that asks", () => {
  const asked = (values: Record<string, string>): Change => ({
    requested: Object.entries(values).map(([option, value], index) => ({
      option,
      value,
      file: "a.config",
      line: index + 1,
    })),
  });
  const key = "text requested.config";
  expect(
    differences(
      remembered({ [key]: "1" }, asked({ CONFIG_A: "y", CONFIG_B: "y", CONFIG_C: "y" })),
      remembered({ [key]: "2" }, asked({ CONFIG_A: "n", CONFIG_C: "y", CONFIG_D: "m" })),
    ),
  ).toEqual([
    { what: "the option CONFIG_A", change: "changed", detail: "y → n (a.config:1)" },
    { what: "the option CONFIG_B", change: "removed", detail: "y (a.config:2)" },
    { what: "the option CONFIG_D", change: "added", detail: "m (a.config:3)" },
  ]);
  expect(between({ [key]: "1" }, { [key]: "2" })).toEqual([
    { what: "the order of the options", change: "changed" },
  ]);
});

test("a changed root names its packages", () => {
  expect(
    differences(
      remembered({ root: "1" }, {}, { build: ["gcc 14.1", "make 4.4", "old 1"] }),
      remembered({ root: "2" }, {}, { build: ["gcc 14.2", "make 4.4", "new 1"] }),
    ),
  ).toEqual([
    { what: "the package gcc", change: "changed", detail: "14.1 → 14.2" },
    { what: "the package new", change: "added", detail: "1" },
    { what: "the package old", change: "removed", detail: "1" },
  ]);
});

test.each([
  ["make\ncp a b\n", "make\ncp a c\n", "first at: cp a c"],
  ["make\n  cp a b", "make", "first at: cp a b"],
  ["make", "make\n  strip a", "first at: strip a"],
])("a changed script names its first different line", (before, after, detail) => {
  const found = differences(
    remembered({ script: "1" }, { script: before }),
    remembered({ script: "2" }, { script: after }),
  );
  expect(found).toEqual([{ what: "the script of its steps", change: "changed", detail }]);
});
