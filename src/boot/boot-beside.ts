import type { Result } from "../failure/result.ts";
import { openLog } from "./open-log.ts";
import type { StagedMachine } from "./stage-machine.ts";
import { superviseMachine, type Supervise } from "./supervise-machine.ts";

/**
 * Runs a machine while the work goes on, its console going to its log. It is not judged: that it ends before the work
 * does is no failure. Fails with NVLAB_OUT where it has no log, or as the work does.
 */
export async function bootBeside<T>(
  machine: StagedMachine,
  work: () => Promise<Result<T>>,
  supervise: Supervise = superviseMachine,
): Promise<Result<T>> {
  const log = await openLog(machine.log);
  if (!log.ok) return log;
  const stop = new AbortController();
  const ended = supervise(machine.qemu, (chunk) => log.value.write(chunk), stop.signal);
  try {
    return await work();
  } finally {
    stop.abort();
    await ended;
    log.value.end();
  }
}
