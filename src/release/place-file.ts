import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "../failure/result.ts";
import { failed, ok } from "../failure/result.ts";
import type { ReleaseArtifact } from "./facts.ts";
import type { FileDigests } from "./hash-file.ts";
import { hashFile } from "./hash-file.ts";
import { OutFolderError } from "./out-failure.ts";
import { temporaryName } from "./temporary-name.ts";

/**
 * Copies a stored file into the out folder and says what was really written. It appears by a rename, complete and
 * with the recorded digest, or not at all. Shares blocks with the store where the file system can; never an inode.
 */
export async function copyInto(
  out: string,
  artifact: ReleaseArtifact,
  signal?: AbortSignal,
): Promise<Result<FileDigests>> {
  const source = await lstat(artifact.host).catch(() => undefined);
  if (source?.isFile() !== true) return stored(artifact, "is not there any more");
  return await replace(out, artifact.path, async (temporary) => {
    await copyFile(artifact.host, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await chmod(temporary, artifact.kind === "model" ? 0o755 : 0o644);
    const digests = await hashFile(temporary, signal);
    if (digests.sha256 !== artifact.sha256) return stored(artifact, "does not hold what was put there");
    return ok(digests);
  });
}

/** Writes a text file of the out folder, whole or not at all. */
export async function writeTextInto(out: string, path: string, text: string | Uint8Array): Promise<void> {
  await replace(out, path, async (temporary) => {
    await writeFile(temporary, text, { flag: "wx", mode: 0o644 });
    return ok(undefined);
  });
}

async function replace<T>(
  out: string,
  path: string,
  make: (temporary: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  await ensureParents(out, path);
  const temporary = join(out, temporaryName());
  try {
    const made = await make(temporary);
    if (made.ok) await rename(temporary, join(out, path));
    return made;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes the folders above a file. A link among them would carry the file somewhere else, so it is refused. */
async function ensureParents(out: string, path: string): Promise<void> {
  const parts = path.split("/").slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const folder = join(out, ...parts.slice(0, depth));
    const found = await lstat(folder).catch(() => undefined);
    if (found === undefined) await mkdir(folder, { recursive: true });
    else if (!found.isDirectory()) {
      throw new OutFolderError(`${folder} is ${found.isSymbolicLink() ? "a link" : "a file"}, not a folder.`);
    }
  }
}

function stored(artifact: ReleaseArtifact, what: string): Result<never> {
  return failed({
    code: "NVLAB_STORE",
    message: `The stored output for ${artifact.path} ${what}.`,
    hint: `Run the build again with --rebuild ${artifact.component}.`,
    details: [artifact.host],
  });
}
