import { genInitCpio } from "../../image/initramfs.ts";
import { moduleReferences } from "../../module/render.ts";
import type { ImageStep } from "../../recipe/schema/image.ts";
import type { Step } from "../../recipe/schema/step.ts";

/** The output references that a step names, each with its path below the step. */
export function referencesOf(
  step: Step | ImageStep,
): { readonly text: string; readonly path: (string | number)[] }[] {
  if ("initramfs" in step) {
    const implied = { text: genInitCpio, path: ["initramfs"] };
    const named = step.initramfs.entries.flatMap((entry, index) =>
      "output" in entry && entry.output !== undefined
        ? [{ text: entry.output, path: ["initramfs", "entries", index, "output"] }]
        : [],
    );
    return [implied, ...named];
  }
  if ("fit" in step) {
    const { kernel, ramdisk, "device-tree": tree } = step.fit;
    return [
      { text: kernel.data, path: ["fit", "kernel", "data"] },
      ...(ramdisk ? [{ text: ramdisk.data, path: ["fit", "ramdisk", "data"] }] : []),
      { text: tree.data, path: ["fit", "device-tree", "data"] },
    ];
  }
  if ("u-boot" in step) {
    return [
      { text: step["u-boot"].program, path: ["u-boot", "program"] },
      { text: step["u-boot"]["device-tree"], path: ["u-boot", "device-tree"] },
    ];
  }
  if ("disk" in step) {
    return step.disk.partitions.flatMap((partition, index) =>
      Object.entries(partition.files).map(([name, text]) => ({
        text,
        path: ["disk", "partitions", index, "files", name],
      })),
    );
  }
  if ("kernel-module" in step) return [...moduleReferences(step["kernel-module"])];
  return [];
}
