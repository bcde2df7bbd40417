import { z } from "zod";
import { Name } from "./text.ts";

/** A root: Debian packages, unpacked and never installed. */
export const RootRecipe = z.strictObject({
  name: Name,
  summary: z.string().default(""),
  architecture: z.enum(["amd64"]).default("amd64"),
  suites: z.array(z.string()).min(1).describe("in order, as in trixie, trixie-security, trixie-backports"),
  packages: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.+-]+(\/[a-z-]+)?$/))
    .min(1)
    .describe("top-level packages; name/suite takes that one and what it needs from the suite"),
  exclude: z.array(z.string()).default([]).describe("packages that nothing here needs at run time"),
  links: z
    .record(z.string().startsWith("/"), z.string())
    .default({})
    .describe("links that maintainer scripts would make: /usr/bin/awk: gawk"),
});
export type RootRecipe = z.output<typeof RootRecipe>;
