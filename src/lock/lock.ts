import { z } from "zod";
import { lockVersion } from "./lock-version.ts";

export { lockVersion };

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A path below the base of a Debian mirror, as in pool/main/o/opensbi/opensbi_1.6.orig.tar.gz */
const PoolPath = z
  .string()
  .regex(/^pool\/[A-Za-z0-9][A-Za-z0-9./+~_-]*$/)
  .refine((path) => !path.split("/").includes(".."));

export const LockedArchive = z.strictObject({
  type: z.literal("archive"),
  version: z.string(),
  /** Index into the recipe's variants. */
  variant: z.int().min(0),
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+~_-]*$/),
  size: z.int().min(1),
  sha256: Sha256,
  pool: PoolPath.optional(),
  /** Suite whose index gave the pool path, and the Date of its Release file in seconds since 1970. */
  suite: z.string().optional(),
  archiveTime: z.int().min(0).optional(),
  urls: z.array(z.string()),
  /** Digest of the source as the recipe gives it, to see that it was locked from another one. */
  recipe: Sha256.optional(),
});

export const LockedGit = z.strictObject({
  type: z.literal("git"),
  version: z.string(),
  url: z.string(),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Digest over the sorted names, modes and contents of the tree. */
  tree: Sha256,
  recipe: Sha256.optional(),
});

export const LockedPackage = z.strictObject({
  name: z.string(),
  version: z.string(),
  architecture: z.string(),
  suite: z.string(),
  source: z.string(),
  sourceVersion: z.string(),
  builtUsing: z.string().optional(),
  pool: PoolPath,
  size: z.int().min(1),
  sha256: Sha256,
  /** For a package kept from an earlier resolution, which the root's own archive time does not know. */
  archiveTime: z.int().min(0).optional(),
});

export const LockedRoot = z.strictObject({
  /** Digest of the root's recipe, to see that it was locked from another one. */
  recipe: Sha256,
  /** Date of the newest Release file used, seconds since 1970: the time to ask a snapshot archive for. */
  archiveTime: z.int().min(0),
  packages: z.array(LockedPackage).min(1),
});

export const Lock = z.strictObject({
  lockVersion: z.literal(lockVersion),
  /** SOURCE_DATE_EPOCH of every build, in seconds; changes only on request. */
  epoch: z.int().min(0),
  /** By "component/source". */
  sources: z.record(z.string(), z.discriminatedUnion("type", [LockedArchive, LockedGit])),
  roots: z.record(z.string(), LockedRoot),
});

export type Lock = z.output<typeof Lock>;
export type LockedArchive = z.output<typeof LockedArchive>;
export type LockedGit = z.output<typeof LockedGit>;
export type LockedSource = LockedArchive | LockedGit;
export type LockedPackage = z.output<typeof LockedPackage>;
export type LockedRoot = z.output<typeof LockedRoot>;
