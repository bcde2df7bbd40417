import { z } from "zod";
import { ImageStep } from "./image.ts";
import { Machine, MachineSize } from "./machine.ts";
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
  "model",
]);
export type ArtifactKind = z.output<typeof ArtifactKind>;

const TargetArtifact = z.strictObject({
  output: OutputReference.describe("component/path, or the name of an image"),
  kind: ArtifactKind,
});

/** A whole target. */
export const TargetRecipe = z.strictObject({
  name: Name,
  summary: z.string().default(""),
  root: Name.default("build").describe("the root in which images are made"),
  components: z.record(Name, TargetComponent),
  images: z
    .record(OutputPath, ImageStep)
    .default({})
    .describe("images made from outputs and from each other, by name"),
  artifacts: z.record(OutputPath, TargetArtifact),
  boot: z.strictObject({ root: Name.default("boot"), qemu: Machine }).optional(),
  check: z
    .strictObject({
      root: Name.default("check").describe("the root with dt-schema"),
      bindings: ProjectPath.default("dts/bindings").describe("folder of bindings, beside those of dt-schema itself"),
    })
    .optional()
    .describe("how `nvlab check` validates the device trees"),
  reproduce: z
    .strictObject({ root: Name.default("vary").describe("the root with setarch, libfaketime and disorderfs") })
    .optional()
    .describe("with what `nvlab reproduce` varies the surroundings of a build"),
});
export type TargetRecipe = z.output<typeof TargetRecipe>;

/**
 * A variant of another target: components are merged by name (`with` by key, `fragments` and `patches` are added),
 * images and artifacts are replaced or added by name, and the machine may have other harts, memory and disks for tests.
 */
export const TargetExtension = z.strictObject({
  name: Name,
  extends: Name,
  summary: z.string().optional(),
  components: z.record(Name, TargetComponent).default({}),
  images: z.record(OutputPath, ImageStep).default({}),
  artifacts: z.record(OutputPath, TargetArtifact).default({}),
  boot: z
    .strictObject({
      qemu: z.strictObject({
        harts: MachineSize.harts.optional(),
        memory: MachineSize.memory.optional(),
        "test-disks": z.array(OutputPath).optional(),
      }),
    })
    .optional(),
});
export type TargetExtension = z.output<typeof TargetExtension>;
