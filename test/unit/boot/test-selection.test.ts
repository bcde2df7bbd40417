import { describe, expect, it } from "vitest";
import { readSelection, testsOf, testWords, unknownTests } from "../../../src/boot/test-selection.ts";
import { ComponentRecipe } from "../../../src/recipe/schema/component.ts";

const recipe = (...entries: object[]): ComponentRecipe =>
  ComponentRecipe.parse({
    name: "initramfs",
    version: "1",
    license: "MIT",
    steps: [{ initramfs: { entries } }],
    outputs: ["initramfs.cpio.zst"],
  });
const words = (value: true | string): string => {
  const selection = readSelection(value);
  return selection.ok ? testWords("nvlab.test", selection.value) : "";
};

describe("the value of --test", () => {
  it("becomes words for the kernel", () => {
    expect([words(true), words("all"), words("dma-buf"), words("dma-buf,network")]).toEqual([
      ...["nvlab.test", "nvlab.test=all", "nvlab.test=dma-buf", "nvlab.test=dma-buf,network"],
    ]);
  });

  it.each(["", "a,", "a b", "A", "a=1", "../x", "a,,b", 'a"'])("is refused where it is %j", (value) => {
    expect(readSelection(value)).toMatchObject({ ok: false, failures: [{ code: "NVLAB_USAGE" }] });
  });
});

describe("the tests of an image", () => {
  const found = testsOf([
    recipe(
      { dir: "/usr/lib/nvlab/tests" },
      { file: "/usr/lib/nvlab/tests/10-kernel", from: "guest/tests/10-kernel" },
      { file: "/usr/lib/nvlab/tests/long/80-nvlink-random", output: "guest/x" },
      { link: "/usr/lib/nvlab/tests/on-request/95-bench", to: "../x" },
      { file: "/usr/lib/nvlab/run-tests", from: "guest/run-tests" },
    ),
  ]);

  it("are those that its recipe puts there, whatever their number", () => {
    expect(found).toEqual(["bench", "kernel", "nvlink-random"]);
  });

  it("are unknown where a recipe copies a folder of them, or has none", () => {
    expect(testsOf([recipe({ tree: "/usr/lib/nvlab/tests", from: "guest/tests" })])).toBeUndefined();
    expect(testsOf([recipe({ dir: "/tmp" })])).toBeUndefined();
  });

  it("are listed to who names another", () => {
    const named = { type: "named", names: ["kernel", "nosuch"] } as const;
    expect(unknownTests(named, found)).toEqual([
      {
        code: "NVLAB_USAGE",
        message: "there is no test 'nosuch'",
        hint: "tests: bench, kernel, nvlink-random; all runs the long ones too",
      },
    ]);
    expect(unknownTests(named, undefined)).toEqual([]);
    expect(unknownTests({ type: "all" }, found)).toEqual([]);
  });
});
