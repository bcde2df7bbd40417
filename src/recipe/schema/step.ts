import { z } from "zod";
import { InitramfsStep } from "./image.ts";
import { ProjectPath } from "./text.ts";

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

export const Step = z.union([RunStep, KconfigStep, InitramfsStep]);

export type Step = z.output<typeof Step>;
export type KconfigDialect = z.output<typeof KconfigDialect>;
export type KconfigStep = z.output<typeof KconfigStep>;
