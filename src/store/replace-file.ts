import { chmodSync, constants, copyFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { ownedName } from "./process-identity.ts";

/**
 * Puts a copy of a file in a place by a rename, keeping its time. The file that was there before is not written
 * to, so a tree that shares it by a hard link stays as it is. Throws system errors.
 */
export function replaceFile(from: string, to: string, mode: number): void {
  const temporary = `${to}.${ownedName()}`;
  try {
    const stats = statSync(from);
    copyFileSync(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    chmodSync(temporary, mode);
    utimesSync(temporary, stats.atimeMs / 1000, stats.mtimeMs / 1000);
    renameSync(temporary, to);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
