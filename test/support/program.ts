import { join, resolve } from "node:path";
import { execa } from "execa";

/** The folder of the project under test. */
export const home = resolve(import.meta.dirname, "../..");

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a person would, from its launcher. */
export async function nvlab(
  args: readonly string[],
  options: { cwd?: string; environment?: Record<string, string> } = {},
): Promise<ProgramRun> {
  const ended = await execa(join(home, "bin/nvlab"), args, {
    cwd: options.cwd ?? home,
    env: { NO_COLOR: "1", ...options.environment },
    stdin: "ignore",
    reject: false,
    stripFinalNewline: false,
  });
  return { status: ended.exitCode ?? null, stdout: ended.stdout, stderr: ended.stderr };
}

/** The lock that the global setup made. */
export function testLock(): string {
  const path = process.env.NVLAB_TEST_LOCK;
  if (path === undefined) throw new Error("run this test through its vitest project: it has a global setup");
  return path;
}
