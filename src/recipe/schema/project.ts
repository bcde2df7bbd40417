import { z } from "zod";
import { Name } from "./text.ts";

const SemVer = z
  .string({ error: 'a version is text: write it in quotes, as in "1.0.0"' })
  .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, "a release version is SemVer, as in 1.2.0");

/** nvlab.yaml */
export const Project = z.strictObject({
  name: Name,
  version: SemVer,
  extends: z.boolean().default(true).describe("recipes that come with nvlab are seen too"),
  "default-target": Name.optional(),
  epoch: z.int().min(0).optional().describe("SOURCE_DATE_EPOCH for a new lock, in seconds"),
  "fit-keys": z
    .record(Name, z.string().min(1).refine((path) => !path.includes("\0"), "a path holds no NUL"))
    .optional()
    .describe("keys that sign FITs, by name: PEM files, below the project or absolute; --fit-key overrides"),
  mirrors: z
    .strictObject({
      debian: z.array(z.url()).default([]).describe("base addresses, before those of the host's apt"),
      snapshot: z.url().optional().describe("a snapshot archive, the last place asked"),
    })
    .default({ debian: [] }),
});
export type Project = z.output<typeof Project>;
