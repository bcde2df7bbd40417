import { z } from "zod";
import { ProjectPath, Version } from "./text.ts";

const DebianFile = z.strictObject({
  source: z.string().describe("Debian source package"),
  suite: z.string().describe("suite whose index lists it, as in trixie-backports"),
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.+~_-]*$/)
    .describe("file of that source package, as in opensbi_1.6.orig.tar.gz"),
});

/** The same bytes, in order of preference of their places. Other bytes are another variant. */
export const SourceVariant = z
  .strictObject({
    debian: DebianFile.optional(),
    urls: z.array(z.url({ protocol: /^https?$/ })).optional(),
    integrity: z
      .string()
      .regex(/^sha(256|512)-[A-Za-z0-9+/]+=*$/)
      .optional()
      .describe("SRI digest, required where no signed index gives one"),
  })
  .refine((variant) => variant.debian !== undefined || (variant.urls?.length ?? 0) > 0, {
    error: "a variant has at least one place: debian or urls",
  })
  .refine((variant) => variant.debian !== undefined || variant.integrity !== undefined, {
    error: "a variant that has only urls gives its integrity",
  });

export const GitSource = z.strictObject({
  url: z.string().min(1),
  commit: z.string().regex(/^[0-9a-f]{40}$/, "a full commit id of 40 hexadecimal digits"),
});

/** Bytes from outside, which the lock names. */
export const PinnedSource = z
  .strictObject({
    track: Version.describe("what may be chosen when a locked file has left every place, as in 6.18"),
    variants: z.array(SourceVariant).min(1).optional(),
    git: GitSource.optional(),
    strip: z.int().min(0).max(3).default(1).describe("leading folders to drop from names in the archive"),
  })
  .refine((source) => (source.variants === undefined) !== (source.git === undefined), {
    error: "a source has either variants or git",
  });

/** A folder of the project is the source tree: no lock has to name it. */
export const ProjectSource = z.strictObject({
  path: ProjectPath.describe("a folder of the project; only 'main' can be one"),
});

export const Source = z.union([PinnedSource, ProjectSource]);

export type Source = z.output<typeof Source>;
export type PinnedSource = z.output<typeof PinnedSource>;
export type SourceVariant = z.output<typeof SourceVariant>;
export type DebianFile = z.output<typeof DebianFile>;
