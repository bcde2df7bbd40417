import { expect, it } from "vitest";
import { renderUBoot } from "../../../src/image/u-boot.ts";

it("a u-boot step puts the control device tree behind the program", () => {
  const step = { program: "u-boot/u-boot-nodtb.bin", "device-tree": "u-boot.dtb" };
  const { script, references, outputs } = renderUBoot(step, "u-boot.bin");
  expect(script).toContain("cat /in/u-boot/u-boot-nodtb.bin /in/u-boot.dtb > /out/u-boot.bin\n");
  expect(references).toEqual(["u-boot.dtb", "u-boot/u-boot-nodtb.bin"]);
  expect(outputs).toEqual(["u-boot.bin"]);
});
