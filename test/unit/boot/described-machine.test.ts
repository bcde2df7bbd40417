import { expect, test } from "vitest";
import { disagreements } from "../../../src/boot/described-machine.ts";
import { blobOf } from "../../support/device-tree-blob.ts";

const cpu = { device_type: "cpu", reg: [0] };
const tree = blobOf({
  "#address-cells": [2],
  "#size-cells": [2],
  "memory@80000000": { device_type: "memory", reg: [0x80000000n, 0x20000000n] },
  "memory@100000000": { device_type: "memory", reg: [0x100000000n, 0x20000000n] },
  cpus: { "cpu@0": cpu, "cpu@1": cpu, "cpu@2": { ...cpu, status: "disabled" } },
});

test("a tree that describes the machine as QEMU is told has nothing said of it", () => {
  expect(disagreements("a.dtb", tree, { memory: "1024M", harts: 2 })).toEqual([]);
  expect(disagreements("a.dtb", tree, { memory: "1G", harts: 2 })).toEqual([]);
});

test("other memory and other harts are told, each with both numbers", () => {
  expect(disagreements("a.dtb", tree, { memory: "2G", harts: 4 })).toEqual([
    "a.dtb describes 1024 MiB of memory, the machine has 2048 MiB",
    "a.dtb describes 2 harts, the machine has 4",
  ]);
});

test("what is no tree, or describes neither, says nothing", () => {
  expect(disagreements("a.dtb", Buffer.from("no tree"), { memory: "2G", harts: 4 })).toEqual([]);
  expect(disagreements("a.dtb", blobOf({ model: "x" }), { memory: "2G", harts: 4 })).toEqual([]);
});
