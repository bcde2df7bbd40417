import { finished } from "node:stream/promises";
import { readHostLimits } from "../exec/host-limits.ts";
import { explainFailedStart } from "../exec/sandbox-failure.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import type { Result } from "../failure/result.ts";
import { failed, ok } from "../failure/result.ts";
import type { BootEnding, BootTestOutcome } from "./boot-outcome.ts";
import { ConsoleWatch } from "./console-watch.ts";
import { machineStopped } from "./interrupted.ts";
import { judgeBoot } from "./judge-boot.ts";
import { openLog } from "./open-log.ts";
import { parseKtap } from "./parse-ktap.ts";
import { superviseMachine, type Supervise } from "./supervise-machine.ts";
import { writeFailure } from "./write-failure.ts";

export interface BootTestRequest {
  readonly run: SandboxRun;
  readonly timeoutSeconds: number;
  /** Host file for all that the console shows; replaced. Its folder is made. */
  readonly log: string;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly supervise?: Supervise;
}

/** After the reason to end, the machine has this long to say the rest (a trace) or to power itself off. */
const graceMs = { "tests-ended": 3000, crash: 1000, prompt: 200 } as const;

/**
 * Boots a machine without a person and reads what its self-tests say. The value tells of a machine that failed,
 * too; a failure is only what kept QEMU from running at all (NVLAB_SANDBOX, NVLAB_OUT, NVLAB_INTERRUPTED).
 */
export async function bootTest(request: BootTestRequest): Promise<Result<BootTestOutcome>> {
  const opened = await openLog(request.log);
  if (!opened.ok) return opened;
  const log = opened.value;
  // Looked at only in the end; until then it must not count as unhandled.
  const written = finished(log);
  written.catch(() => undefined);
  if (request.signal?.aborted === true) {
    log.end();
    return failed(machineStopped);
  }
  const watch = new ConsoleWatch();
  const stop = new AbortController();
  const cause = { interrupted: false, timedOut: false };
  const onAbort = (): void => {
    cause.interrupted = true;
    stop.abort();
  };
  request.signal?.addEventListener("abort", onAbort, { once: true });
  const timeout = setTimeout(() => {
    cause.timedOut = true;
    stop.abort();
  }, request.timeoutSeconds * 1000);
  let grace: NodeJS.Timeout | undefined;
  let told = 0;

  const begin = performance.now();
  try {
    const ended = await (request.supervise ?? superviseMachine)(
      request.run,
      (chunk) => {
        log.write(chunk);
        watch.write(chunk, Math.round(performance.now() - begin));
        for (const { text } of watch.lines.slice(told)) request.onLine?.(text);
        told = watch.lines.length;
        if (watch.end !== undefined) grace ??= setTimeout(() => stop.abort(), graceMs[watch.end.type]);
      },
      stop.signal,
    );
    const wallMs = Math.round(performance.now() - begin);
    watch.close(wallMs);
    log.end();
    await written;
    if (cause.interrupted) return failed(machineStopped);
    if (ended.status === undefined) {
      return failed(explainFailedStart({ root: request.run.root, ...ended }, await readHostLimits()));
    }
    const ending: BootEnding =
      watch.end ?? (cause.timedOut ? { type: "timeout" } : { type: "exit", status: ended.status });
    const results = parseKtap(watch.lines);
    const verdict = judgeBoot({
      ending,
      results,
      watch,
      timeoutSeconds: request.timeoutSeconds,
      log: request.log,
    });
    return ok({ ending, stages: watch.stages, results, wallMs, log: request.log, ...verdict });
  } catch (error) {
    return writeFailure(error, request.log);
  } finally {
    clearTimeout(timeout);
    clearTimeout(grace);
    request.signal?.removeEventListener("abort", onAbort);
  }
}
