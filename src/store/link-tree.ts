import {
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { failed, ok, type Result } from "../failure/result.ts";
import { replaceFile } from "./replace-file.ts";
import { onDisk } from "./store-failure.ts";
import { unsafePath } from "./tree-path.ts";
import { takingTurns } from "./turn.ts";

/**
 * The same tree once more: files are hard links, so they share content, mode and times; folders and links are made
 * anew with the times of the old ones.
 * @param to a folder that is empty or not there yet
 */
export function linkTree(from: string, to: string, signal?: AbortSignal): Promise<Result<undefined>> {
  return onDisk(to, async () => {
    try {
      await linkFolder(from, to, takingTurns(signal));
      return ok(undefined);
    } catch (error) {
      if (signal?.aborted !== true) throw error;
      return failed({ code: "NVLAB_INTERRUPTED", message: "interrupted while a source tree was linked" });
    }
  });
}

async function linkFolder(from: string, to: string, turn: () => Promise<void> | undefined): Promise<void> {
  const stats = lstatSync(from);
  mkdirSync(to, { recursive: true });
  for (const item of readdirSync(from, { withFileTypes: true })) {
    const source = `${from}/${item.name}`;
    const target = `${to}/${item.name}`;
    if (item.isDirectory()) await linkFolder(source, target, turn);
    else if (item.isSymbolicLink()) copyLink(source, target);
    else linkSync(source, target);
  }
  utimesSync(to, stats.atimeMs / 1000, stats.mtimeMs / 1000);
  await turn();
}

/** Copies a symbolic link as it is, with its time. */
export function copyLink(from: string, to: string): void {
  const stats = lstatSync(from);
  symlinkSync(readlinkSync(from), to);
  lutimesSync(to, stats.atimeMs / 1000, stats.mtimeMs / 1000);
}

/**
 * Makes those of the named files that share an inode with another tree files of their own, so that whatever a
 * program does to them stays in this tree. Names that are not there, or that a patch must not touch, are passed
 * over: `patch` refuses them itself.
 */
export function breakLinks(tree: string, paths: readonly string[]): Promise<Result<undefined>> {
  return onDisk(tree, () => {
    for (const path of paths) {
      if (unsafePath(tree, path) !== undefined) continue;
      const file = `${tree}/${path}`;
      const stats = lstatSync(file, { throwIfNoEntry: false });
      if (stats?.isFile() === true && stats.nlink > 1) replaceFile(file, file, stats.mode & 0o777);
    }
    return Promise.resolve(ok(undefined));
  });
}
