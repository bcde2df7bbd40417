import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { errorCode } from "../fetch/disk-failure.ts";
import { mirrorVersion, parseMirrorIndex, type MirrorFile, type MirrorIndex } from "../fetch/mirror-index.ts";
import { mirrorIndexName } from "../fetch/mirror-layout.ts";
import { readLimited } from "../fetch/mirror-folder.ts";
import { renderChecksums } from "../release/checksums.ts";
import { checksumsName } from "../release/known-files.ts";
import { byBytes } from "../store/by-bytes.ts";
import { placeText } from "./place-copy.ts";

export interface MirrorState {
  /** Absolute, with no link in it. */
  readonly folder: string;
  /** Absent in a folder that is empty or new. */
  readonly index: MirrorIndex | undefined;
}

/** A larger index than this is no index. */
const largestIndex = 32 * 1024 * 1024;

/** Reads what a folder says of itself. One that holds something else is refused: nothing is mixed into it. */
export async function readMirrorState(path: string, create: boolean): Promise<Result<MirrorState>> {
  const refuse = (why: string, hint: string): Result<never> =>
    failed({ code: "NVLAB_MIRROR", message: `${path} ${why}`, hint });
  if (create) {
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      // A file in its place is told below.
      if (errorCode(error) !== "EEXIST") throw error;
    });
  }
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return refuse("is not there", "make it: nvlab mirror DIR");
  const folder = await realpath(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return refuse("is no folder that can be read", "give the folder of a mirror");
  const others = names.filter((name) => !name.startsWith(".nvlab-"));
  if (others.length === 0 && create) return ok({ folder, index: undefined });
  const read = await readLimited(join(folder, mirrorIndexName), largestIndex);
  if (!("text" in read)) {
    return refuse(
      `is no mirror: its ${mirrorIndexName} ${read.reason}`,
      "give an empty folder, or a mirror's",
    );
  }
  const parsed = parseMirrorIndex(read.text);
  if (!("index" in parsed))
    return refuse(`is no mirror: ${parsed.reason}`, "give an empty folder, or a mirror's");
  return ok({ folder, index: parsed.index });
}

/** index.json and SHA256SUMS for these files; the same for the same files, in whatever order they come. */
export function renderMirror(
  lock: string,
  complete: boolean,
  files: readonly MirrorFile[],
): { readonly index: string; readonly checksums: string } {
  const sorted = [...files].sort((a, b) => byBytes(a.path, b.path));
  const value: MirrorIndex = { schemaVersion: mirrorVersion, lock, complete, files: sorted };
  const index = `${JSON.stringify(value, null, 1)}\n`;
  const own = { path: mirrorIndexName, sha256: createHash("sha256").update(index).digest("hex") };
  return { index, checksums: renderChecksums([...sorted, own]) };
}

/** Writes both, the index last: what it names is there. */
export async function writeMirrorState(
  folder: string,
  lock: string,
  complete: boolean,
  files: readonly MirrorFile[],
): Promise<Result<undefined>> {
  const { index, checksums } = renderMirror(lock, complete, files);
  const sums = await placeText(folder, checksumsName, checksums);
  return sums.ok ? await placeText(folder, mirrorIndexName, index) : sums;
}
