import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileType, Observed } from "./fault.ts";
import { hashFile } from "./hash-file.ts";
import { companionFolders } from "./known-files.ts";

/**
 * Lists a release folder without following any link. A folder is entered only where `named` (paths of the
 * manifest) has something below it; any other, and an empty one, is listed as one thing, however much it holds.
 */
export async function observeFolder(
  folder: string,
  named: ReadonlySet<string>,
): Promise<Omit<Observed, "sha256" | "sha512">[]> {
  const parents = new Set([...named].flatMap(parentFolders));
  const found: Observed[] = [];
  const enter = async (below: string): Promise<void> => {
    const names = (await readdir(join(folder, below))).sort();
    if (names.length === 0 && below !== "") found.push({ path: below, type: "folder", size: 0 });
    for (const name of names) {
      const path = below === "" ? name : `${below}/${name}`;
      const stat = await lstat(join(folder, path)).catch(() => undefined);
      const type: FileType =
        stat === undefined
          ? "other"
          : stat.isSymbolicLink()
            ? "link"
            : stat.isDirectory()
              ? "folder"
              : stat.isFile()
                ? "file"
                : "other";
      if (type === "folder" && parents.has(path) && !companionFolders.has(path)) {
        await enter(path).catch((error: unknown) => {
          found.push({ path, type, size: 0, unreadable: reasonOf(error) });
        });
      } else {
        found.push({ path, type, size: type === "file" ? (stat?.size ?? 0) : 0 });
      }
    }
  };
  await enter("");
  return found;
}

/** The same files with digests where `wanted` says so; what cannot be read says why. */
export async function digestFiles(
  folder: string,
  files: readonly Observed[],
  wanted: (file: Observed) => boolean,
  signal?: AbortSignal,
): Promise<Observed[]> {
  const digested: Observed[] = [];
  for (const file of files) {
    if (file.type !== "file" || !wanted(file)) {
      digested.push(file);
      continue;
    }
    try {
      digested.push({ ...file, ...(await hashFile(join(folder, file.path), signal)) });
    } catch (error) {
      signal?.throwIfAborted();
      digested.push({ ...file, unreadable: reasonOf(error) });
    }
  }
  return digested;
}

/** Text of a plain file, or undefined where it is a link, too large or unreadable. */
export async function readPlainText(path: string, limit: number): Promise<string | undefined> {
  return (await readPlainBytes(path, limit))?.toString("utf8");
}

/** Bytes of a plain file, or undefined where it is a link, too large or unreadable. */
export async function readPlainBytes(path: string, limit: number): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > limit) return undefined;
    return await file.readFile();
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

function parentFolders(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
