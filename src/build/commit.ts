import { execFile } from "node:child_process";

/** The project's own version. Outside git, or without git, there is none. */
export interface Commit {
  /** Full commit id. */
  readonly commit: string | null;
  /** Whether files that git tracks, or does not ignore, differ from that commit. */
  readonly dirty: boolean;
  /** Those files, below the top of the repository, quoted as git quotes them. */
  readonly changed: readonly string[];
}

/** Asks git once for both. `safe.directory` because a clone may belong to another user than root. */
export function commitOf(directory: string): Promise<Commit> {
  const args = [
    "--no-optional-locks",
    "-c",
    "safe.directory=*",
    "-c",
    "core.fsmonitor=false",
    "-C",
    directory,
  ];
  const status = ["status", "--porcelain=v2", "--branch", "--untracked-files=normal"];
  return new Promise((resolve) => {
    execFile("git", [...args, ...status], { maxBuffer: 64 << 20 }, (error, stdout) => {
      resolve(error ? { commit: null, dirty: false, changed: [] } : parseStatus(stdout));
    });
  });
}

/** Reads `git status --porcelain=v2 --branch` (git-status(1), "Porcelain Format Version 2"). */
export function parseStatus(text: string): Commit {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
  const id = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(text)?.[1];
  return { commit: id ?? null, dirty: lines.length > 0, changed: lines.map(pathOf) };
}

/** Fields before the path, by the kind of line. */
const fieldsBefore: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1 };

function pathOf(line: string): string {
  const fields = line.split(" ");
  const path = fields.slice(fieldsBefore[fields[0] ?? ""] ?? 1).join(" ");
  return path.split("\t", 1)[0] ?? path;
}
