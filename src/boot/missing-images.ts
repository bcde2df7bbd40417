import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../failure/failure.ts";
import type { Machine } from "../recipe/schema/machine.ts";

/** One failure for each artifact that the machine needs and the folder lacks. */
export function missingImages(machine: Machine, images: string, target: string): Failure[] {
  const { bios, kernel, disks, model, "device-tree": dtb } = machine;
  return [bios, kernel, dtb, ...disks, ...(machine["test-disks"] ?? []), model]
    .filter((name) => name !== undefined)
    .filter((name) => !existsSync(join(images, name)))
    .map((name) => ({
      code: "NVLAB_BOOT",
      message: `${join(images, name)} is not there.`,
      hint: `Run nvlab build ${target} first.`,
    }));
}
