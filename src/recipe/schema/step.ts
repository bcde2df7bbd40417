import { z } from "zod";
import { InitramfsStep } from "./image.ts";
import { Name, OutputPath, ProjectPath } from "./text.ts";

export const KconfigDialect = z.enum(["linux", "u-boot", "busybox", "opensbi"]);

export const KconfigStep = z.strictObject({
  kconfig: z.strictObject({
    dialect: KconfigDialect,
    defconfig: z.string().min(1).describe("a make target of the tree, as in defconfig or tinyconfig"),
    fragments: z.array(ProjectPath).default([]).describe("merged in order, the later one wins"),
    arguments: z
      .record(z.string().regex(/^[A-Z_]+$/), z.string())
      .default({})
      .describe("make arguments, as in ARCH"),
  }),
});

export const RunStep = z.strictObject({
  run: z.string().min(1).describe("a bash script, run with -euo pipefail; /src, /in, /obj, /out are in place"),
});

export const KernelModuleStep = z.strictObject({
  "kernel-module": z.strictObject({
    modules: z
      .array(z.string().regex(/^[A-Za-z0-9_-]+\.ko$/, "a module is a file name, as in example.ko"))
      .min(1)
      .describe("what /src has to give; only these are checked and installed"),
    kernel: Name.default("linux").describe("component whose module-build.tar.zst they are built against"),
    directory: OutputPath.optional().describe("folder of /src with the Kbuild or Makefile"),
    uses: z.array(Name).default([]).describe("components with modules whose exported symbols these ones use"),
    arguments: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
      .default({})
      .describe("make arguments, as in CONFIG_EXAMPLE: m"),
  }),
});

export const Step = z.union([RunStep, KconfigStep, InitramfsStep, KernelModuleStep]);

export type Step = z.output<typeof Step>;
export type KconfigDialect = z.output<typeof KconfigDialect>;
export type KconfigStep = z.output<typeof KconfigStep>;
export type KernelModuleStep = z.output<typeof KernelModuleStep>;
