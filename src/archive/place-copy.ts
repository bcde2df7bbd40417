import { constants } from "node:fs";
import { chmod, copyFile, link, lstat, mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { errorCode } from "../fetch/disk-failure.ts";
import { hashFile, type FileDigests } from "../release/hash-file.ts";
import { temporaryName } from "../release/temporary-name.ts";

/** How a file came into a folder: "cloned" shares blocks, "linked" the whole file. */
export type Placing = "cloned" | "linked" | "copied" | "written";

export interface Placed {
  readonly how: Placing;
  readonly digests: FileDigests;
}

/** Makes the folders above a path. A link among them would lead somewhere else, so it is refused. */
async function ensureParents(folder: string, path: string): Promise<Result<undefined>> {
  const parts = dirname(path).split("/");
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const at = join(folder, ...parts.slice(0, depth));
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) await mkdir(at, { recursive: true });
    else if (!found.isDirectory()) {
      return failed({
        code: "NVLAB_OUT",
        message: `${at} is ${found.isSymbolicLink() ? "a link" : "a file"}, and a folder has to be there`,
        hint: "move it away",
      });
    }
  }
  return ok(undefined);
}

async function cheapest(from: string, to: string, share: boolean): Promise<Placing> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    return "cloned";
  } catch (error) {
    if (!["ENOTSUP", "EOPNOTSUPP", "EXDEV", "EINVAL", "ENOSYS", "ENOTTY"].includes(errorCode(error)))
      throw error;
    await rm(to, { force: true });
  }
  if (share) {
    try {
      await link(from, to);
      // One file under two names: what overwrites one of them would change the other.
      await chmod(to, 0o444);
      return "linked";
    } catch (error) {
      if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"].includes(errorCode(error))) throw error;
      await rm(to, { force: true });
    }
  }
  await copyFile(from, to, constants.COPYFILE_EXCL);
  return "copied";
}

/**
 * Puts a file into a folder by a rename, whole and with the bytes that `good` accepts, or not at all.
 * @param share whether a hard link will do where blocks cannot be shared
 * @returns undefined where the bytes are others
 */
export async function placeCopy(
  folder: string,
  path: string,
  from: string,
  good: (digests: FileDigests) => boolean,
  share: boolean,
  signal: AbortSignal,
): Promise<Result<Placed | undefined>> {
  const parents = await ensureParents(folder, path);
  if (!parents.ok) return parents;
  const temporary = join(folder, temporaryName());
  try {
    const how = await cheapest(from, temporary, share);
    const digests = await hashFile(temporary, signal);
    if (!good(digests)) return ok(undefined);
    if (how !== "linked") await chmod(temporary, 0o644);
    await rename(temporary, join(folder, path));
    return ok({ how, digests });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes a text of a folder, whole or not at all. */
export async function placeText(
  folder: string,
  path: string,
  text: string | Buffer,
): Promise<Result<undefined>> {
  const parents = await ensureParents(folder, path);
  if (!parents.ok) return parents;
  const temporary = join(folder, temporaryName());
  try {
    await writeFile(temporary, text, { flag: "wx", mode: 0o644 });
    await rename(temporary, join(folder, path));
    return ok(undefined);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Digests of a plain file of a folder; undefined where there is none, or where a link is it or leads to it.
 * @param folder with no link in its own path
 */
export async function digestsOf(
  folder: string,
  path: string,
  signal: AbortSignal,
): Promise<FileDigests | undefined> {
  try {
    const at = join(folder, path);
    return (await realpath(at)) === at ? await hashFile(at, signal) : undefined;
  } catch (error) {
    if (signal.aborted || errorCode(error) === "") throw error;
    return undefined;
  }
}
