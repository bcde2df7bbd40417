import { chmodSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { errorCode } from "../fetch/disk-failure.ts";
import { takingTurns } from "./turn.ts";

/**
 * Removes a file or a tree, also one with folders that may not be written, or with names that are not UTF-8. Links
 * are not followed. What disappears meanwhile is no fault; other system errors are thrown.
 * @returns bytes that this freed: those of files without a further hard link
 */
export async function removeTree(path: string): Promise<number> {
  return await remove(Buffer.from(path), takingTurns());
}

const slash = Buffer.from("/");

async function remove(path: Buffer, turn: () => Promise<void> | undefined): Promise<number> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  await turn();
  if (!stats.isDirectory()) {
    ignoringGone(() => unlinkSync(path));
    return stats.nlink === 1 ? stats.size : 0;
  }
  if ((stats.mode & 0o700) !== 0o700) ignoringGone(() => chmodSync(path, 0o700));
  let bytes = 0;
  for (const name of ignoringGone(() => readdirSync(path, { encoding: "buffer" })) ?? []) {
    bytes += await remove(Buffer.concat([path, slash, name]), turn);
  }
  ignoringGone(() => rmdirSync(path));
  return bytes;
}

function ignoringGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
