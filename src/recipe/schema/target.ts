import { z } from "zod";
import { ImageStep } from "./image.ts";
import { EnvironmentName, EnvironmentValue, Name, OutputPath, OutputReference, ProjectPath } from "./text.ts";

export const TargetComponent = z.strictObject({
  with: z.record(EnvironmentName, z.union([EnvironmentValue, z.number(), z.boolean()])).default({}),
  fragments: z.array(ProjectPath).default([]),
  patches: z.array(ProjectPath).default([]),
});

export const ArtifactKind = z.enum([
  "firmware",
  "bootloader",
  "kernel",
  "initramfs",
  "device-tree",
  "fit",
  "disk",
  "config",
  "debug",
]);
export type ArtifactKind = z.output<typeof ArtifactKind>;

/** How QEMU starts the machine. File names are artifacts of the target. */
export const Machine = z.strictObject({
  machine: z.string().describe("value of -M, as in virt,aia=aplic-imsic,iommu-sys=on"),
  cpu: z.string().default("rv64"),
  harts: z.int().min(1).max(512).default(2),
  memory: z.string().regex(/^[0-9]+[MG]$/).default("512M"),
  bios: OutputPath.describe("artifact for -bios"),
  kernel: OutputPath.optional().describe("artifact for -kernel"),
  "device-tree": OutputPath.optional().describe("artifact for -dtb; QEMU makes its own without"),
  disks: z.array(OutputPath).default([]).describe("artifacts attached by virtio-blk, never written to"),
  network: z.boolean().default(true).describe("a virtio network card on QEMU's user network"),
  devices: z.array(z.string()).default([]).describe("further -device values, in order"),
  "test-command-line": z.string().default("nvlab.test").describe("added to the command line by boot --test"),
});
export type Machine = z.output<typeof Machine>;

export const TargetRecipe = z.strictObject({
  name: Name,
  summary: z.string().default(""),
  root: Name.default("build").describe("the root in which images are made"),
  components: z.record(Name, TargetComponent),
  images: z
    .record(OutputPath, ImageStep)
    .default({})
    .describe("images made from outputs and from each other, by name"),
  artifacts: z.record(
    OutputPath,
    z.strictObject({
      output: OutputReference.describe("component/path, or the name of an image"),
      kind: ArtifactKind,
    }),
  ),
  boot: z.strictObject({ root: Name.default("boot"), qemu: Machine }).optional(),
});
export type TargetRecipe = z.output<typeof TargetRecipe>;
