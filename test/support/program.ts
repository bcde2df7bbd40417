import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

/** The folder of the project under test. */
export const home = resolve(import.meta.dirname, "../..");

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a person would, from its launcher, with the tests' own lock. */
export function nvlab(args: readonly string[], options: { cwd?: string; environment?: Record<string, string> } = {}): Promise<ProgramRun> {
  const child = spawn(join(home, "bin/nvlab"), args, {
    cwd: options.cwd ?? home,
    env: { ...process.env, NO_COLOR: "1", ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolvePromise) => {
    child.on("close", (status) => resolvePromise({ status, stdout, stderr }));
  });
}

/** The lock that the global setup made. */
export function testLock(): string {
  const path = process.env["NVLAB_TEST_LOCK"];
  if (path === undefined) throw new Error("run this test through its vitest project: it has a global setup");
  return path;
}
