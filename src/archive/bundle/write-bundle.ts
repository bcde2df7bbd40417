import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create } from "tar";
import { failed, ok, type Result } from "../../failure/result.ts";
import { interruptedFailure } from "../../fetch/attempt.ts";
import { renderChecksums, type Checksum } from "../../release/checksums.ts";
import { hashFile } from "../../release/hash-file.ts";
import { checksumsName } from "../../release/known-files.ts";
import { outFailure } from "../../release/out-failure.ts";
import { temporaryName } from "../../release/temporary-name.ts";
import { byBytes } from "../../store/by-bytes.ts";
import { placeCopy, placeText } from "../place-copy.ts";
import type { BundleFile } from "./bundle-file.ts";

export interface WrittenBundle {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly archive: string;
  /** Hexadecimal, of the archive. */
  readonly sha256: string;
}

export interface BundleRequest {
  /** Absolute. What an earlier call wrote there is replaced as a whole. */
  readonly folder: string;
  /** Name of the archive beside the folder, without .tar.gz, and of the folder in it. */
  readonly name: string;
  readonly files: readonly BundleFile[];
  /** Every time in the archive, seconds since 1970. */
  readonly epoch: number;
}

/** Writes a bundle as a folder, which appears whole or not at all, and as one archive beside it, the same each time. */
export async function writeBundle(
  request: BundleRequest,
  signal: AbortSignal,
): Promise<Result<WrittenBundle>> {
  const { folder, name, files, epoch } = request;
  const replaceable = await isReplaceable(folder);
  if (!replaceable) {
    return failed({
      code: "NVLAB_OUT",
      message: `${folder} is not empty, and holds no bundle of sources`,
      hint: "name another folder with --out",
    });
  }
  const above = dirname(folder);
  const stage = join(above, temporaryName());
  try {
    await mkdir(stage, { recursive: true });
    const placed = await fillStage(stage, files, signal);
    if (!placed.ok) return placed;
    const sums = await placeText(stage, checksumsName, renderChecksums(placed.value.sums));
    if (!sums.ok) return sums;
    const archive = join(above, `${name}.tar.gz`);
    await pack(stage, name, epoch, archive);
    await rm(folder, { recursive: true, force: true });
    await rename(stage, folder);
    const { sha256 } = await hashFile(archive, signal);
    return ok({ folder, files: placed.value.sums.length, bytes: placed.value.bytes, archive, sha256 });
  } catch (error) {
    if (signal.aborted) return failed(interruptedFailure);
    const failure = outFailure(error, folder);
    if (failure === undefined) throw error;
    return failed(failure);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** What every bundle has, and hardly anything else has all of. */
const marks = [checksumsName, "README.md", "BUILD.md", "licenses.csv"];

/** Only an empty folder, or what an earlier call wrote. */
async function isReplaceable(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return true;
  if (!found.isDirectory()) return false;
  const names = await readdir(folder);
  return names.length === 0 || marks.every((one) => names.includes(one));
}

async function fillStage(
  stage: string,
  files: readonly BundleFile[],
  signal: AbortSignal,
): Promise<Result<{ sums: Checksum[]; bytes: number }>> {
  const sums: Checksum[] = [];
  let bytes = 0;
  for (const file of files) {
    const { path } = file;
    if ("content" in file) {
      const written = await placeText(stage, path, file.content);
      if (!written.ok) return written;
      sums.push({ path, sha256: createHash("sha256").update(file.content).digest("hex") });
      bytes += Buffer.byteLength(file.content);
    } else {
      const known = file.sha256;
      const good = ({ sha256 }: { sha256: string }): boolean => known === undefined || sha256 === known;
      const placed = await placeCopy(stage, path, file.from, good, false, signal);
      if (!placed.ok) return placed;
      if (placed.value === undefined) {
        return failed({
          code: "NVLAB_DIGEST",
          message: `${path}: ${file.from} has other bytes than are asked for`,
          hint: "somebody changed it meanwhile: try again",
        });
      }
      sums.push({ path, sha256: placed.value.digests.sha256 });
      bytes += placed.value.digests.size;
    }
    if (file.executable === true) await chmod(join(stage, path), 0o755);
  }
  return ok({ sums, bytes });
}

/** Names sorted by bytes, no owner, one time, two modes: the same bytes for the same files (with the same zlib). */
async function pack(stage: string, name: string, epoch: number, archive: string): Promise<void> {
  const names = (await readdir(stage, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(stage.length + 1))
    .sort(byBytes);
  const temporary = join(dirname(archive), temporaryName());
  try {
    await create(
      {
        file: temporary,
        cwd: stage,
        prefix: name,
        // What is in it is compressed already.
        gzip: { level: 1 },
        portable: true,
        noDirRecurse: true,
        mtime: new Date(epoch * 1000),
        strict: true,
        onWriteEntry: ({ stat }) => {
          if (stat) stat.mode = (stat.mode & 0o100) === 0 ? 0o644 : 0o755;
        },
      },
      names,
    );
    await rename(temporary, archive);
  } finally {
    await rm(temporary, { force: true });
  }
}
