import { describe, expect, it } from "vitest";
import { compareTrees } from "../../../src/compare/device-trees.ts";
import { readDtb } from "../../../src/device-tree/read-dtb.ts";
import { blobOf, type ShortTree } from "../../support/device-tree-blob.ts";

function compare(before: ShortTree, after: ShortTree) {
  const [left, right] = [readDtb(blobOf(before)), readDtb(blobOf(after))];
  if ("fault" in left || "fault" in right) throw new Error("a tree that cannot be read");
  return compareTrees(left.tree, right.tree);
}

describe("device trees", () => {
  it("differ by node and property, with values as a source has them", () => {
    const before = {
      model: "one",
      "uart@0": { reg: [0, 16], status: "okay" },
      "old@1": { compatible: ["a,b", "c"] },
    };
    const after = {
      model: "two",
      "uart@0": { reg: [0, 32], status: "okay", "dma-coherent": true as const },
      "new@2": {},
    };
    expect(compare(before, after).changes).toEqual([
      { name: ":model", before: '"one"', after: '"two"' },
      { name: "/new@2", before: undefined, after: "a node" },
      { name: "/old@1", before: "a node, a,b, c", after: undefined },
      { name: "/uart@0:dma-coherent", before: undefined, after: "true" },
      { name: "/uart@0:reg", before: "<0x0 0x10>", after: "<0x0 0x20>" },
    ]);
  });

  it("of which one has other phandles for the same nodes do not differ", () => {
    const tree = (plic: number, iommu: number): ShortTree => ({
      plic: { phandle: [plic] },
      iommu: { phandle: [iommu] },
      pci: { "interrupt-parent": [plic], "iommu-map": [0, iommu, 0, 0x10000] },
    });
    expect(compare(tree(1, 2), tree(2, 1))).toEqual({ changes: [], renumbered: 2 });
  });

  it("of which one refers to another node do differ", () => {
    const tree = (parent: number): ShortTree => ({
      a: { phandle: [1] },
      b: { phandle: [2] },
      c: { "interrupt-parent": [parent] },
    });
    expect(compare(tree(1), tree(2))).toEqual({
      changes: [{ name: "/c:interrupt-parent", before: "<0x1>", after: "<0x2>" }],
      renumbered: 0,
    });
  });

  it("show bytes that are no cells as bytes, and not more than a line of them", () => {
    const value = (last: number): ShortTree => ({
      reg: Array.from({ length: 20 }, (_, index) => (index === 19 ? last : index)),
    });
    expect(compare(value(1), value(2)).changes[0]?.before).toMatch(/^<0x0 .* 0xf …>$/);
    expect(compare({ a: "x" }, { a: ["x", "y"] }).changes[0]).toMatchObject({
      before: '"x"',
      after: '"x", "y"',
    });
  });
});
