import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { baseEnvironment } from "../exec/base-environment.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import { shown } from "./cause.ts";

export interface DiffoscopeRun {
  /** Host path of a root that has diffoscope. */
  readonly root: string;
  readonly one: string;
  readonly other: string;
  /** Folder that this may write to. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Of an ELF file with debug information a full comparison takes many minutes: the first lines are enough. */
const longestMs = 60_000;
const mostLines = 16;

/** Whether a root has diffoscope. */
export function hasDiffoscope(root: string): boolean {
  return existsSync(join(root, "usr/bin/diffoscope"));
}

/** diffoscope's first differences of two files, as lines; what it had found when its time was over. */
export async function diffoscopeLines(run: DiffoscopeRun): Promise<string[]> {
  const { root, one, other, scratch, signal } = run;
  mkdirSync(scratch, { recursive: true });
  const log = join(scratch, "diffoscope.log");
  writeFileSync(log, "");
  const [a, b] = [`/first/${basename(one)}`, `/second/${basename(other)}`];
  await runSandboxed(
    {
      root,
      mounts: [
        { host: one, at: a, writable: false },
        { host: other, at: b, writable: false },
      ],
      environment: {
        ...baseEnvironment(0),
        // Python's ctypes would look for it with ldconfig, which the root does not have run.
        LIBARCHIVE: "/usr/lib/x86_64-linux-gnu/libarchive.so.13",
      },
      command: [
        "/usr/bin/diffoscope",
        ...["--text", "-", "--no-progress", "--exclude-directory-metadata=yes", "--text-color", "never"],
        ...["--max-diff-block-lines", "12", "--max-diff-input-lines", "20000"],
        ...[a, b],
      ],
      cwd: "/tmp",
    },
    { log, signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]) },
  );
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^(?:---|\+\+\+) \/(?:first|second)\//.test(line))
    .slice(0, mostLines)
    .map((line) => shown(line));
}
