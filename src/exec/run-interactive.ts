import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { failed, ok } from "../failure/result.ts";
import type { Result } from "../failure/result.ts";
import { bwrapArguments } from "./bwrap-arguments.ts";
import { readHostLimits } from "./host-limits.ts";
import { sealedStdio } from "./inherited-descriptors.ts";
import { explainFailedStart } from "./sandbox-failure.ts";
import type { SandboxRun } from "./sandbox.ts";
import { terminalFilter } from "./terminal-filter.ts";

export interface InteractiveOptions {
  /** TERM of the person's terminal. */
  readonly term?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs a command on the person's own terminal, in the same sandbox as a build step has. Ctrl-C belongs to that
 * command while it runs. The value is its exit status. Failures: NVLAB_SANDBOX, NVLAB_INTERRUPTED.
 */
export async function runInteractive(run: SandboxRun, options: InteractiveOptions): Promise<Result<number>> {
  const environment = { ...run.environment, ...(options.term === undefined ? {} : { TERM: options.term }) };
  const start = { terminal: "kept", filterFd: 3, statusFd: 4 } as const;
  const { file, args } = bwrapArguments({ ...run, environment }, start);
  const ignore = (): void => undefined;
  const keyboard = ["SIGINT", "SIGQUIT", "SIGTSTP"] as const;
  for (const name of keyboard) process.on(name, ignore);
  const { stdio, close } = sealedStdio(["inherit", "inherit", "inherit", "pipe", "pipe"]);
  try {
    const child = spawn(file, args, {
      stdio,
      env: {},
      cwd: "/",
      ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: "SIGKILL" }),
    });
    const filter = child.stdio[start.filterFd] as Writable;
    filter.on("error", ignore);
    filter.end(terminalFilter());
    let report = "";
    (child.stdio[start.statusFd] as Readable).on("data", (chunk: Buffer) => (report += chunk.toString()));
    const ended = await new Promise<{ code: number | null; error?: NodeJS.ErrnoException }>((resolve) => {
      child.once("error", (error) => resolve({ code: null, error }));
      child.once("close", (code) => resolve({ code }));
    });
    if (options.signal?.aborted === true) {
      return failed({ code: "NVLAB_INTERRUPTED", message: "The session was stopped" });
    }
    if (ended.error === undefined && report.includes('"exit-code"')) return ok(ended.code ?? 137);
    // bwrap's own message went to the person's terminal already.
    const spawnError = ended.error?.code;
    const seen = { root: run.root, stderr: "", ...(spawnError === undefined ? {} : { spawnError }) };
    return failed(explainFailedStart(seen, await readHostLimits()));
  } finally {
    close();
    for (const name of keyboard) process.off(name, ignore);
  }
}
