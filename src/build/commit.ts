import { execFile } from "node:child_process";

/** The project's own version. Outside git, or without git, there is none. */
export interface Commit {
  /** Full commit id. */
  readonly commit: string | null;
  /** Whether files that git tracks, or does not ignore, differ from that commit. */
  readonly dirty: boolean;
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
      resolve(error ? { commit: null, dirty: false } : parseStatus(stdout));
    });
  });
}

/** Reads `git status --porcelain=v2 --branch` (git-status(1), "Porcelain Format Version 2"). */
export function parseStatus(text: string): Commit {
  const lines = text.split("\n").filter((line) => line !== "");
  const id = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(text)?.[1];
  return { commit: id ?? null, dirty: lines.some((line) => !line.startsWith("# ")) };
}
