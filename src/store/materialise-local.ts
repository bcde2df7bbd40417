import { chmodSync, constants, copyFileSync, lstatSync, mkdirSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode } from "../fetch/disk-failure.ts";
import { type Failed, failed, ok, type Result } from "../failure/result.ts";
import type { LocalSource } from "../plan/node.ts";
import { copyLink } from "./link-tree.ts";
import { onDisk } from "./store-failure.ts";
import { takingTurns } from "./turn.ts";
import { isExecutable } from "./walk-tree.ts";

/**
 * Copies the files of a local source, sharing blocks where the file system can, with their times and executable
 * bits.
 * @param rescan looks at the source once more afterwards: what was edited during the copy is no copy of what the
 *   fingerprint says, and fails
 */
export function materialiseLocal(
  source: LocalSource,
  to: string,
  rescan?: (directory: string) => Promise<Result<LocalSource>>,
  signal?: AbortSignal,
): Promise<Result<undefined>> {
  return onDisk(to, async () => {
    const turn = takingTurns(signal);
    const made = new Set<string>();
    mkdirSync(to, { recursive: true });
    for (const path of source.files) {
      const folder = dirname(path);
      if (!made.has(folder)) mkdirSync(`${to}/${folder}`, { recursive: true });
      made.add(folder);
      if (!copyOne(`${source.directory}/${path}`, `${to}/${path}`)) return changed(source, `${path} is gone`);
      await turn();
    }
    if (rescan === undefined) return ok(undefined);
    const after = await rescan(source.directory);
    if (!after.ok) return after;
    return after.value.sha256 === source.sha256 ? ok(undefined) : changed(source, "its files changed");
  });
}

/** False where the file is not there any more. */
function copyOne(from: string, to: string): boolean {
  try {
    const stats = lstatSync(from);
    if (stats.isSymbolicLink()) {
      copyLink(from, to);
      return true;
    }
    copyFileSync(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    const mode = isExecutable(stats) ? 0o755 : 0o644;
    if ((stats.mode & 0o777) !== mode) chmodSync(to, mode);
    utimesSync(to, stats.atimeMs / 1000, stats.mtimeMs / 1000);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

function changed(source: LocalSource, what: string): Failed {
  return failed({
    code: "NVLAB_SOURCE_OVERRIDE",
    message: `the local source ${source.directory} was changed while it was copied: ${what}`,
    hint: "build again once nothing writes to it (an editor, a checkout, a build)",
  });
}
