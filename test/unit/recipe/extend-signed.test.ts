import { expect, it } from "vitest";
import { extendTarget } from "../../../src/recipe/extend-target.ts";
import { TargetExtension, TargetRecipe } from "../../../src/recipe/schema/target.ts";

const base = TargetRecipe.parse({
  name: "board",
  components: {},
  artifacts: {},
  boot: { qemu: { machine: "virt", bios: "fw.bin", disks: ["disk.img"] } },
});

it("a variant of a target may have disks of its own for tests", () => {
  const extension = TargetExtension.parse({
    ...{ name: "board-secure", extends: "board" },
    boot: { qemu: { "test-disks": ["test/disk.img"] } },
  });
  const located = (value: object) => ({ file: "x.yaml", positions: {}, value });
  const extended = extendTarget(
    located(base) as Parameters<typeof extendTarget>[0],
    located(extension) as Parameters<typeof extendTarget>[1],
  );
  expect(extended.value.boot?.qemu["test-disks"]).toEqual(["test/disk.img"]);
  expect(extended.value.boot?.qemu.disks).toEqual(["disk.img"]);
  expect("test-disks" in (base.boot?.qemu ?? {})).toBe(false);
});
