import { expect, test } from "vitest";
import { readFindings } from "../../../src/check/findings.ts";

test("a finding has its file, what is wrong, and the indented lines behind it", () => {
  const lines = [
    "/trees/0.dtb: nvlink@10,0 (pci1234,4e46): link-count: 0 is less than the minimum of 1",
    "\tfrom schema $id: http://devicetree.org/schemas/nvidia,nvlink-fusion.yaml",
    "",
    "/bindings/dts/bindings/x.yaml: properties:reg: 'maxItem' is not one of",
    "\thint: Arrays must be described",
    "\tfrom schema $id: http://devicetree.org/meta-schemas/cell.yaml",
  ];
  expect(readFindings(lines)).toEqual([
    {
      file: "/trees/0.dtb",
      message: "nvlink@10,0 (pci1234,4e46): link-count: 0 is less than the minimum of 1",
      details: ["from schema $id: http://devicetree.org/schemas/nvidia,nvlink-fusion.yaml"],
    },
    {
      file: "/bindings/dts/bindings/x.yaml",
      message: "properties:reg: 'maxItem' is not one of",
      details: [
        "hint: Arrays must be described",
        "from schema $id: http://devicetree.org/meta-schemas/cell.yaml",
      ],
    },
  ]);
});

test("what has no form is a finding too: nothing that a tool says is lost", () => {
  expect(readFindings(["Traceback (most recent call last):", "  File x"])).toMatchObject([
    { file: "", message: "Traceback (most recent call last):", details: ["File x"] },
  ]);
});

test("silence is no finding", () => {
  expect(readFindings(["", "  "])).toEqual([]);
});

test("what firmware has to add to a tree that was booted is no finding", () => {
  const line = (name: string) =>
    `/trees/0.dtb: chosen: '${name}' does not match any of the regexes: '^framebuffer'`;
  expect(readFindings([line("boot-hartid"), "\tfrom schema"])).toEqual([]);
  expect(readFindings([line("boot-heartid"), "\tfrom schema"])).toHaveLength(1);
});
