import { chmodSync, closeSync, fsyncSync, lstatSync, openSync } from "node:fs";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { byBytes } from "./by-bytes.ts";
import type { EntryFile, EntryFolder } from "./entry.ts";
import { sha256OfFile, sha256OfText } from "./hash-file.ts";
import { takingTurns } from "./turn.ts";
import { unkeepable } from "./unkeepable.ts";
import { isExecutable, type Met, targetOf, walkTree } from "./walk-tree.ts";

export interface ScannedOutput {
  readonly files: readonly EntryFile[];
  readonly folders: readonly EntryFolder[];
}

/** Beyond so much a sync takes seconds; a power cut's damage is then found by the sizes at the next look. */
const syncedBytes = 16 << 20;
const syncedFiles = 64;

/**
 * Makes an output ready to be kept: refuses what cannot be, makes files read-only, hashes them. Throws system
 * errors.
 */
export async function scanOutput(out: string): Promise<Result<ScannedOutput>> {
  const turn = takingTurns();
  const leaves: Met[] = [];
  const folders: EntryFolder[] = [];
  const refused: Failure[] = [];
  for (const met of walkTree(out)) {
    const reason = unkeepable(met);
    if (reason) refused.push(reason);
    if (met.type === "folder") {
      // A step may leave folders that not even their owner may enter. The walk reads a folder after this.
      if ((met.stats.mode & 0o7777) !== 0o755) chmodSync(met.absolute, 0o755);
      folders.push({ path: met.path, mtimeMs: met.stats.mtimeMs });
    } else leaves.push(met);
    await turn();
  }
  if (refused.length > 0) return failed(...refused);
  const bytes = leaves.reduce((sum, met) => sum + met.stats.size, 0);
  const sync = leaves.length <= syncedFiles && bytes <= syncedBytes;
  const files: EntryFile[] = [];
  for (const met of leaves) {
    if (met.type === "file") settle(met, sync);
    files.push(await describe(met, turn));
  }
  files.sort((left, right) => byBytes(left.path, right.path));
  folders.sort((left, right) => byBytes(left.path, right.path));
  return ok({ files, folders });
}

function settle({ absolute, stats }: Met, sync: boolean): void {
  chmodSync(absolute, isExecutable(stats) ? 0o555 : 0o444);
  if (!sync) return;
  const descriptor = openSync(absolute, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

async function describe(met: Met, turn: () => Promise<void> | undefined): Promise<EntryFile> {
  const target = met.type === "link" ? targetOf(met) : undefined;
  const sha256 = target === undefined ? await sha256OfFile(met.absolute, turn) : sha256OfText(target);
  const stats = lstatSync(met.absolute);
  return {
    path: met.path,
    type: target === undefined ? "file" : "link",
    sha256,
    ...(target === undefined ? {} : { target }),
    executable: target === undefined && isExecutable(stats),
    size: stats.size,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    inode: stats.ino,
  };
}
