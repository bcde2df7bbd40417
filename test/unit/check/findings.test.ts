import { expect, test } from "vitest";
import { readVerdict } from "../../../src/check/findings.ts";
import { verdictFailures } from "../../../src/check/verdict-failures.ts";

test("a finding has its file, what is wrong, and the indented lines behind it", () => {
  const lines = [
    "/trees/0.dtb: nvlink@10,0 (pci1234,4e46): link-count: 0 is less than the minimum of 1",
    "\tfrom schema $id: http://devicetree.org/schemas/nvidia,nvlink-fusion.yaml",
    "",
    "/bindings/dts/bindings/x.yaml: properties:reg: 'maxItem' is not one of",
    "\thint: Arrays must be described",
    "\tfrom schema $id: http://devicetree.org/meta-schemas/cell.yaml",
  ];
  expect(readVerdict(lines).findings).toEqual([
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

test("what a tool says of no file is one failure of the tool's, in its order, beside what was found", () => {
  const traceback = ["Traceback (most recent call last):", '  File "x.py", line 1', "ValueError: no"];
  const verdict = readVerdict([
    ...traceback,
    "/trees/0.dtb: /: 'model' is a required property",
    "\tfrom schema",
  ]);
  expect(verdict.stray).toEqual(traceback);
  expect(verdict.findings).toMatchObject([{ file: "/trees/0.dtb", details: ["from schema"] }]);
  expect(verdictFailures(verdict)).toMatchObject([
    { code: "NVLAB_DEVICE_TREE", hint: "correct the node, or the binding that describes it" },
    { code: "NVLAB_DEVICE_TREE", message: "dt-schema failed", details: traceback },
  ]);
});

test("silence is no finding", () => {
  expect(verdictFailures(readVerdict(["", "  "]))).toEqual([]);
});

test("what firmware has to add to a tree that was booted is no finding", () => {
  const line = (name: string) =>
    `/trees/0.dtb: chosen: '${name}' does not match any of the regexes: '^framebuffer'`;
  expect(verdictFailures(readVerdict([line("boot-hartid"), "\tfrom schema"]))).toEqual([]);
  expect(readVerdict([line("boot-heartid"), "\tfrom schema"]).findings).toHaveLength(1);
});
