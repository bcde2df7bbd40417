import { z } from "zod";
import { mirrorIndexName } from "./mirror-layout.ts";

/** Version of index.json that this program writes and reads. */
export const mirrorVersion = 1;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Plain names with slashes between them: nothing that a shell, an address or a file system reads otherwise. */
const MirrorPath = z
  .string()
  .max(400)
  .regex(/^[A-Za-z0-9@][A-Za-z0-9@.+~_-]*(\/[A-Za-z0-9@-][A-Za-z0-9@.+~_-]*)*$/);

/**
 * source: an archive of a component; package: a Debian package of a root; git: the objects of one commit as a git
 * pack; npm: a tarball; npm-index: what a registry says of a package.
 */
export const MirrorKind = z.enum(["source", "package", "git", "npm", "npm-index"]);
export type MirrorKind = z.output<typeof MirrorKind>;

const MirrorFile = z.strictObject({
  path: MirrorPath.describe("below the folder of index.json"),
  kind: MirrorKind,
  size: z.int().min(0).describe("bytes"),
  sha256: Sha256,
  for: z.array(z.string().max(400)).describe("what in the lock or in package-lock.json asks for it"),
});
export type MirrorFile = z.output<typeof MirrorFile>;

/** index.json of a mirror: every file in it but itself and SHA256SUMS. */
export const MirrorIndex = z.strictObject({
  schemaVersion: z.literal(mirrorVersion),
  lock: Sha256.describe("digest of the lock that it was made from, as in a manifest"),
  complete: z.boolean().describe("false: not everything that the lock names is there"),
  files: z.array(MirrorFile),
});
export type MirrorIndex = z.output<typeof MirrorIndex>;

/** Reads the text of an index that anyone may have written; a sentence where it is none. */
export function parseMirrorIndex(text: string): { index: MirrorIndex } | { reason: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { reason: `its ${mirrorIndexName} is not JSON` };
  }
  const version: unknown =
    typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "schemaVersion") : undefined;
  if (typeof version === "number" && version > mirrorVersion) {
    return {
      reason: `its ${mirrorIndexName} has schema version ${version}, and this nvlab knows ${mirrorVersion}`,
    };
  }
  const checked = MirrorIndex.safeParse(parsed);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return {
      reason: `its ${mirrorIndexName} is wrong: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
    };
  }
  const paths = new Set(checked.data.files.map(({ path }) => path));
  if (paths.size < checked.data.files.length) return { reason: `its ${mirrorIndexName} has a path twice` };
  return { index: checked.data };
}
