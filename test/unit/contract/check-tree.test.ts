import { describe, expect, test } from "vitest";
import { contractFailures } from "../../../src/image/contract-check.ts";
import { blobOf, type ShortTree } from "../../support/device-tree-blob.ts";

type Changes = Readonly<Record<string, ShortTree[string] | undefined>>;

const link = (number: number, changes: Changes = {}): ShortTree =>
  defined({
    reg: [number],
    "nvidia,lanes": [4],
    "nvidia,max-speed-kBps": [25_000_000],
    "nvidia,peer": "gpu",
    "nvidia,peer-index": [0],
    ...changes,
  });

const controller = (changes: Changes = {}): ShortTree =>
  defined({
    compatible: ["pci1234,4e46", "nvidia,nvlink-fusion"],
    reg: [0x8000, 0, 0, 0, 0],
    "#address-cells": [1],
    "#size-cells": [0],
    "nvidia,contract": [1, 0],
    "link-count": [2],
    "dma-windows": [0n, 0x1_0000_0000n],
    "link@0": link(0),
    "link@1": link(1),
    ...changes,
  });

function defined(tree: Changes): ShortTree {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const onPci = (node: ShortTree, name = "nvlink@10,0"): ShortTree => ({
  pci: { "#address-cells": [3], "#size-cells": [2], "#interrupt-cells": [1], [name]: node },
});

const onSoc = (changes: Changes = {}): ShortTree => ({
  "#address-cells": [2],
  "#size-cells": [2],
  "interrupt-parent": [5],
  aplic: { phandle: [5], "#interrupt-cells": [2] },
  "nvlink@40000000": controller({
    compatible: "nvidia,nvlink-fusion",
    reg: [0, 0x4000_0000, 0, 0x1_0000],
    ...changes,
  }),
});

function messages(tree: ShortTree, named = true): string[] {
  const contract = named ? "nvlink-fusion" : undefined;
  return contractFailures({ name: "board.dtb", bytes: blobOf(tree), contract, sources: [] }).map(
    ({ code, message, hint }) => {
      expect(code).toBe("NVLAB_CONTRACT");
      expect(hint).not.toBe("");
      return message;
    },
  );
}

describe("a tree keeps the contract", () => {
  test.each<[string, ShortTree]>([
    ["with a function of a PCI bus", onPci(controller())],
    ["with a device of the SoC", onSoc()],
    ["when disabled", onPci(controller({ status: "disabled" }))],
    ["with one interrupt for all causes", onSoc({ interrupts: [40, 4] })],
    [
      "with an interrupt for each cause",
      onSoc({ interrupts: Array.from({ length: 12 }, (_, index) => index) }),
    ],
    ["with adjacent windows", onPci(controller({ "dma-windows": [0n, 0x1000n, 0x1000n, 0x1000n] }))],
    [
      "with a window up to the last byte",
      onPci(controller({ "dma-windows": [0xffff_ffff_ffff_f000n, 0x1000n] })),
    ],
    [
      "of a later minor version, with what that added",
      onPci(controller({ "nvidia,contract": [1, 7], "nvidia,later": [1] })),
    ],
  ])("%s", (_, tree) => {
    expect(messages(tree)).toEqual([]);
  });
});

describe("a tree does not keep the contract", () => {
  test.each<[what: string, tree: ShortTree, message: string]>([
    [
      "of another major version",
      onPci(controller({ "nvidia,contract": [2, 0] })),
      "nvidia,contract is version 2.0",
    ],
    [
      "with a version of one number",
      onPci(controller({ "nvidia,contract": [1] })),
      "nvidia,contract is no uint32-array of 2",
    ],
    ["without windows", onPci(controller({ "dma-windows": undefined })), "dma-windows is missing"],
    ["without a link count", onPci(controller({ "link-count": undefined })), "link-count is missing"],
    [
      "with another link count than links",
      onPci(controller({ "link-count": [3] })),
      "link-count is 3, and there are 2 link nodes",
    ],
    [
      "with no link",
      onPci(controller({ "link-count": [0], "link@0": undefined, "link@1": undefined })),
      "link-count is 0",
    ],
    ["with too many links", onPci(controller({ "link-count": [17] })), "link-count is 17"],
    [
      "with a link number past the count",
      onPci(controller({ "link@1": undefined, "link@2": link(2) })),
      "/link@2: reg is 2, and link-count is 2",
    ],
    [
      "with a link number twice",
      onPci(controller({ "link@1": link(0) })),
      "/link@1: reg is 0, as that of link@0 is",
    ],
    [
      "with a node called otherwise",
      onPci(controller({ "link@1": undefined, "link@a": link(1) })),
      "/link@a: reg is 1, and the node is called link@a",
    ],
    ["with another kind of node", onPci(controller({ "port@0": {} })), "/port@0 is no node of the contract"],
    [
      "with a window that is not aligned",
      onPci(controller({ "dma-windows": [0x800n, 0x1000n] })),
      "window 0 (0x800, 0x1000 bytes) is not aligned",
    ],
    ["with an empty window", onPci(controller({ "dma-windows": [0n, 0n] })), "is empty"],
    [
      "with windows that overlap",
      onPci(controller({ "dma-windows": [0n, 0x2000n, 0x1000n, 0x1000n] })),
      "window 1 (0x1000, 0x1000 bytes) overlaps window 0",
    ],
    [
      "with a window past 64 bits",
      onPci(controller({ "dma-windows": [0xffff_ffff_ffff_f000n, 0x2000n] })),
      "ends past 64 bits",
    ],
    [
      "with half a window",
      onPci(controller({ "dma-windows": [0n] })),
      "dma-windows is no uint64-matrix of 2",
    ],
    [
      "with too many windows",
      onPci(
        controller({
          "dma-windows": Array.from({ length: 18 }, (_, index) =>
            index % 2 === 0 ? BigInt(index) << 12n : 0x1000n,
          ),
        }),
      ),
      "has 9 windows",
    ],
    [
      "with a peer that is nothing known",
      onPci(controller({ "link@1": link(1, { "nvidia,peer": "fpga" }) })),
      '/link@1: nvidia,peer is "fpga"',
    ],
    [
      "with a peer that is no text",
      onPci(controller({ "link@1": link(1, { "nvidia,peer": [1] }) })),
      "nvidia,peer is no string",
    ],
    [
      "with a GPU number past the limit",
      onPci(controller({ "link@1": link(1, { "nvidia,peer-index": [16] }) })),
      "nvidia,peer-index is 16",
    ],
    [
      "with a host number past the register",
      onPci(controller({ "link@1": link(1, { "nvidia,peer": "host", "nvidia,peer-index": [256] }) })),
      "nvidia,peer-index is 256",
    ],
    ["with no lanes", onPci(controller({ "link@1": link(1, { "nvidia,lanes": [0] }) })), "nvidia,lanes is 0"],
    [
      "with too many lanes",
      onPci(controller({ "link@1": link(1, { "nvidia,lanes": [256] }) })),
      "nvidia,lanes is 256",
    ],
    [
      "with a speed in other units",
      onPci(controller({ "link@1": link(1, { "nvidia,max-speed-kBps": [25] }) })),
      "nvidia,max-speed-kBps is 25",
    ],
    [
      "with a property spelt wrongly",
      onPci(controller({ "link@1": link(1, { "nvidia,lane": [4] }) })),
      "nvidia,lane is no property of the contract",
    ],
    ["with links that have sizes", onPci(controller({ "#size-cells": [1] })), "#size-cells is 1"],
    ["with an unknown status", onPci(controller({ status: "on" })), 'status is "on"'],
    [
      "as a function without an identity",
      onPci(controller({ compatible: "nvidia,nvlink-fusion" })),
      'compatible is "nvidia,nvlink-fusion"',
    ],
    [
      "as a function with another address than its name",
      onPci(controller(), "nvlink@11,0"),
      "reg is 0x8000, and the node is called nvlink@11,0",
    ],
    [
      "as a function with a memory address",
      onPci(controller({ reg: [0x200_8010, 0, 0, 0, 0x1_0000] })),
      "reg is no configuration address",
    ],
    [
      "as a device with too small a register file",
      onSoc({ reg: [0, 0x4000_0000, 0, 0x1000] }),
      "reg does not hold the register file",
    ],
    [
      "as a device that says it is something else first",
      onSoc({ compatible: ["nvidia,nvlink-fusion", "simple-bus"] }),
      "compatible is",
    ],
    [
      "with interrupts for some causes",
      onSoc({ interrupts: [40, 4, 41, 4] }),
      "interrupts names 2 interrupts",
    ],
  ])("%s", (_, tree, message) => {
    expect(messages(tree).join("\n")).toContain(message);
  });
});

test("every controller of a tree is checked, and all faults are reported at once", () => {
  const tree = onPci(controller({ "link-count": [3], "dma-windows": [0n, 0n] }));
  const two = { ...tree, soc: onSoc({ "dma-windows": undefined }) };
  expect(messages(two)).toHaveLength(3);
});

test("a tree with a controller whose step names no contract is refused", () => {
  expect(messages(onPci(controller()), false)).toEqual([
    "board.dtb: /pci/nvlink@10,0 is an NVLink Fusion controller, and the step names no contract",
  ]);
});

test("a tree without a controller keeps no contract, and may not name one", () => {
  expect(messages({ soc: {} }, false)).toEqual([]);
  expect(messages({ soc: {} })).toEqual([
    expect.stringContaining("has no node of an NVLink Fusion controller"),
  ]);
});

test("bytes that are no tree are a failure", () => {
  const failures = contractFailures({
    name: "x.dtb",
    bytes: Buffer.from("x"),
    contract: undefined,
    sources: [],
  });
  expect(failures).toMatchObject([
    { code: "NVLAB_CONTRACT", message: expect.stringContaining("x.dtb") as string },
  ]);
});
