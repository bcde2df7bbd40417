import fc from "fast-check";
import { expect, test } from "vitest";
import { cell, cells, nodesOf, strings, unitAddress } from "../../../src/device-tree/node.ts";
import { readDtb } from "../../../src/device-tree/read-dtb.ts";
import { blobOf } from "../../support/device-tree-blob.ts";

const blob = blobOf({
  model: "a board",
  "soc@0": { ranges: true, reg: [1, 2], "uart@10": { compatible: ["ns16550a", "ns8250"], clock: [7] } },
  chosen: {},
});

function treeOf(bytes: Buffer) {
  const read = readDtb(bytes);
  if ("fault" in read) throw new Error(read.fault);
  return read.tree;
}

test("nodes have paths, properties and parents", () => {
  const nodes = [...nodesOf(treeOf(blob))];
  expect(nodes.map(({ path }) => path)).toEqual(["/", "/soc@0", "/soc@0/uart@10", "/chosen"]);
  const [root, soc, uart] = nodes;
  if (!root || !soc || !uart) throw new Error("nodes are missing");
  expect(uart.parent).toBe(soc);
  expect(strings(root, "model")).toEqual(["a board"]);
  expect(strings(uart, "compatible")).toEqual(["ns16550a", "ns8250"]);
  expect(cells(soc, "reg")).toEqual([1, 2]);
  expect(cell(soc, "reg")).toBeUndefined();
  expect(cell(uart, "clock")).toBe(7);
  expect(soc.properties.get("ranges")?.length).toBe(0);
  expect([unitAddress(uart), unitAddress(root)]).toEqual(["10", undefined]);
});

test("a property of another type than was asked for is none", () => {
  const [, soc] = [...nodesOf(treeOf(blob))];
  if (!soc) throw new Error("there is no soc");
  expect(strings(soc, "reg")).toBeUndefined();
  expect(strings(soc, "ranges")).toBeUndefined();
  expect(cells(soc, "nothing")).toBeUndefined();
});

test.each([
  ["nothing", Buffer.alloc(0), "does not begin"],
  ["text", Buffer.from("/dts-v1/;".repeat(10)), "does not begin"],
  ["a tree cut off", blob.subarray(0, blob.length - 4), "cut off"],
  [
    "a tree of another version",
    Buffer.concat([blob.subarray(0, 20), Buffer.from([0, 0, 0, 16]), blob.subarray(24)]),
    "version 16",
  ],
])("%s is no device tree", (_, bytes, fault) => {
  expect(readDtb(bytes)).toEqual({ fault: expect.stringContaining(fault) as string });
});

test("a tree deeper than Linux reads is refused", () => {
  const deep = (levels: number): Buffer => {
    let tree = {};
    for (let level = 1; level < levels; level += 1) tree = { n: tree };
    return blobOf(tree);
  };
  expect(readDtb(deep(64))).toHaveProperty("tree");
  expect(readDtb(deep(65))).toHaveProperty("fault");
});

test("whatever bytes are changed, it is a tree or a fault, and never an exception", () => {
  const change = fc.tuple(fc.nat(blob.length - 1), fc.constantFrom(0, 1, 2, 3, 9, 0x7f, 0x80, 0xff));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const bytes = Buffer.from(blob);
      for (const [at, value] of changes) bytes[at] = value;
      const read = readDtb(bytes);
      if ("tree" in read) expect([...nodesOf(read.tree)].length).toBeGreaterThan(0);
      else expect(read.fault).not.toBe("");
    }),
    { numRuns: 2000 },
  );
});
