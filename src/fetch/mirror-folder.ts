import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { errorCode } from "./disk-failure.ts";

export type InMirror = { readonly found: string } | { readonly reason: string; readonly absent: boolean };

/**
 * Where a file of a mirror on this host really lies. Links are followed, but never to a place outside the mirror.
 * @param path from a checked index: it has no part that leads upwards
 */
export async function insideMirror(folder: string, path: string): Promise<InMirror> {
  try {
    const [base, found] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return found.startsWith(base + sep)
      ? { found }
      : { reason: "is a link that leads out of the mirror", absent: false };
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { reason: "no such file", absent: true };
    if (code === "ELOOP") return { reason: "is a link that leads to itself", absent: false };
    if (code === "") throw error;
    return { reason: `cannot be read (${code})`, absent: false };
  }
}

/** Text of a plain file; a reason where there is none, or where it has more bytes than `limit`. */
export async function readLimited(
  path: string,
  limit: number,
): Promise<{ text: string } | { reason: string }> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return { reason: "is no file" };
      return stats.size > limit ? { reason: "is too large" } : { text: await file.readFile("utf8") };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === "") throw error;
    return { reason: code === "ENOENT" ? "is not there" : `cannot be read (${code})` };
  }
}
