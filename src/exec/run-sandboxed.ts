import { readFile, rm, writeFile } from "node:fs/promises";
import type { Failure } from "../failure/failure.ts";
import { failed, ok } from "../failure/result.ts";
import type { Result } from "../failure/result.ts";
import { bwrapArguments } from "./bwrap-arguments.ts";
import { readHostLimits } from "./host-limits.ts";
import { lineSplitter } from "./line-splitter.ts";
import { canMeasure, readUsage, usageMount, withUsage } from "./resource-usage.ts";
import { explainFailedStart } from "./sandbox-failure.ts";
import { statusFd, superviseSandbox } from "./sandbox-process.ts";
import type { SandboxRun } from "./sandbox.ts";
import type { StepExit } from "./step-exit.ts";
import { logFailure, openStepLog } from "./step-log.ts";
import type { StepLog } from "./step-log.ts";

export interface SandboxOptions {
  /** Host file that receives everything the command prints; appended to. Its folder must exist. */
  readonly log: string;
  /** Called for each line printed, stdout and stderr in the order they came. */
  readonly onLine?: (line: string) => void;
  /** Aborting kills every process of the sandbox at once. */
  readonly signal?: AbortSignal;
}

const interrupted: Failure = {
  code: "NVLAB_INTERRUPTED",
  message: "The step was stopped before it was done",
};

/**
 * Runs a command in a locked root and waits until each of its processes is gone: what it left in the
 * background dies with it. A command that fails is no failure here: its status is in the value.
 * Failures: NVLAB_SANDBOX (did not start), NVLAB_INTERRUPTED, NVLAB_DISK_FULL or NVLAB_STORE (the log).
 */
export async function runSandboxed(run: SandboxRun, options: SandboxOptions): Promise<Result<StepExit>> {
  if (options.signal?.aborted === true) return failed(interrupted);
  const log = openStepLog(options.log);
  if (!log.ok) return log;
  const usage = `${options.log}.usage`;
  try {
    if (!(await canMeasure(run.root))) return await supervised(run, options, log.value);
    await writeFile(usage, "");
    const result = await supervised(measured(run, usage), options, log.value);
    return result.ok ? ok({ ...result.value, ...(await readUsage(usage)) }) : result;
  } catch (error) {
    if (error instanceof Error && "code" in error) return failed(logFailure(usage, error));
    throw error;
  } finally {
    log.value.close();
    await rm(usage, { force: true });
  }
}

function measured(run: SandboxRun, usage: string): SandboxRun {
  const mount = { host: usage, at: usageMount, writable: true };
  return { ...run, mounts: [...run.mounts, mount], command: withUsage(run.command) };
}

async function supervised(run: SandboxRun, options: SandboxOptions, log: StepLog): Promise<Result<StepExit>> {
  const { signal, onLine } = options;
  const lines = lineSplitter((line) => onLine?.(line));
  const killsBefore = await memoryKills();
  const begin = performance.now();
  const ended = await superviseSandbox(bwrapArguments(run, { terminal: "none", statusFd }), {
    onOutput(chunk, kill) {
      log.write(chunk);
      lines.write(chunk);
      if (log.failure !== undefined) kill();
    },
    ...(signal === undefined ? {} : { signal }),
  });
  lines.end();
  const wallMs = Math.round(performance.now() - begin);
  if (log.failure !== undefined) return failed(log.failure);
  if (signal?.aborted === true) return failed(interrupted);
  if (ended.status === undefined) {
    return failed(explainFailedStart({ root: run.root, ...ended }, await readHostLimits()));
  }
  const memoryRanOut = ended.status !== 0 && (await memoryKills()) > killsBefore;
  return ok({ status: ended.status, wallMs, cpuMs: 0, peakBytes: 0, lines: lines.count, memoryRanOut });
}

/** How often the kernel has killed a process for want of memory since it started. */
async function memoryKills(): Promise<number> {
  const text = await readFile("/proc/vmstat", "latin1").catch(() => "");
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}
