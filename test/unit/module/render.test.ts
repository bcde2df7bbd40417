import { expect, test } from "vitest";
import { renderModule } from "../../../src/module/render.ts";
import { KernelModuleStep } from "../../../src/recipe/schema/step.ts";

const render = (step: object) =>
  renderModule(KernelModuleStep.parse({ "kernel-module": step })["kernel-module"]);

test("a step takes the kernel's part and the symbols of the components that it uses", () => {
  const { references } = render({ modules: ["a.ko"], kernel: "linux-rt", uses: ["core", "extra"] });
  expect(references).toEqual([
    { text: "linux-rt/module-build.tar.zst", path: ["kernel-module", "kernel"] },
    { text: "core/Module.symvers", path: ["kernel-module", "uses", 0] },
    { text: "extra/Module.symvers", path: ["kernel-module", "uses", 1] },
  ]);
});

test("arguments and folders reach make as they are written", () => {
  const { script } = render({
    modules: ["a.ko"],
    directory: "kernel-open",
    uses: ["core"],
    arguments: { EXTRA: "-DX='1 $(id)'" },
  });
  expect(script).toContain(
    `make -C /obj/kernel M=/obj/module/kernel-open KBUILD_EXTRA_SYMBOLS=/in/core/Module.symvers EXTRA='-DX='\\''1 $(id)'\\''' modules`,
  );
});

test("what an earlier build made and the makefile no longer makes is gone before make, what the source brings is not", () => {
  const { script } = render({ modules: ["a.ko"] });
  const at = (text: string): number => script.indexOf(text);
  expect(at("find /obj/module -name '*.ko' -type f -delete")).toBeGreaterThan(0);
  expect(at("-delete")).toBeLessThan(at("-T /src /obj/module"));
  expect(at("-T /src /obj/module")).toBeLessThan(at("make -C /obj/kernel"));
});

test.each([{ modules: [] }, { modules: ["../a.ko"] }, { modules: ["a.o"] }, { modules: ["a;b.ko"] }])(
  "%j names no module",
  (step) => {
    expect(KernelModuleStep.safeParse({ "kernel-module": step }).success).toBe(false);
  },
);

test.each(["$(id)", "A B", "-j"])("%j is no argument for make", (name) => {
  const step = { modules: ["a.ko"], arguments: { [name]: "x" } };
  expect(KernelModuleStep.safeParse({ "kernel-module": step }).success).toBe(false);
});
