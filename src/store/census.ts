import { createHash } from "node:crypto";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { byBytes } from "./by-bytes.ts";
import type { Census } from "./entry.ts";
import { takingTurns } from "./turn.ts";
import { unkeepable } from "./unkeepable.ts";
import { isExecutable, type Met, targetOf, walkTree } from "./walk-tree.ts";

/**
 * Counts a source tree without reading its files. Sizes and times show what an editor, or a write through a hard
 * link, would have done to it. Throws system errors.
 */
export async function takeCensus(out: string): Promise<Result<Census>> {
  const turn = takingTurns();
  const lines: string[] = [];
  const refused: Failure[] = [];
  let bytes = 0;
  for (const met of walkTree(out)) {
    const reason = unkeepable(met);
    if (reason) refused.push(reason);
    if (met.type === "file") bytes += met.stats.size;
    if (met.type !== "folder") lines.push(lineOf(met));
    await turn();
  }
  if (refused.length > 0) return failed(...refused);
  const hash = createHash("sha256");
  for (const line of lines.sort(byBytes)) hash.update(`${line}\0`);
  return ok({ files: lines.length, bytes, sha256: hash.digest("hex") });
}

function lineOf(met: Met): string {
  if (met.type === "link") return `${met.path}\0${targetOf(met)}`;
  const { stats } = met;
  return `${met.path}\0${isExecutable(stats) ? "x" : "-"} ${String(stats.size)} ${String(stats.mtimeMs)}`;
}
