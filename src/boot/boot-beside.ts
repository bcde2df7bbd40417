import { readHostLimits } from "../exec/host-limits.ts";
import { explainFailedStart } from "../exec/sandbox-failure.ts";
import type { Ended } from "../exec/sandbox-process.ts";
import type { Failure } from "../failure/failure.ts";
import { failed, type Result } from "../failure/result.ts";
import { openLog } from "./open-log.ts";
import type { StagedMachine } from "./stage-machine.ts";
import { superviseMachine, type Supervise } from "./supervise-machine.ts";

/**
 * Runs a machine while the work goes on, its console going to its log. It is not judged: that it powers off before
 * the work is done is no failure. Fails with NVLAB_OUT where it has no log, as the work does, and with NVLAB_SANDBOX
 * or NVLAB_BOOT where the machine did not start.
 */
export async function bootBeside<T>(
  machine: StagedMachine,
  work: () => Promise<Result<T>>,
  supervise: Supervise = superviseMachine,
): Promise<Result<T>> {
  const log = await openLog(machine.log);
  if (!log.ok) return log;
  const stop = new AbortController();
  const ended = supervise(machine.qemu, (chunk) => log.value.write(chunk), stop.signal).then((end) => ({
    ...end,
    killed: stop.signal.aborted,
  }));
  // Waited for only in the end; until then it must not count as unhandled.
  ended.catch(() => undefined);
  try {
    const result = await work();
    stop.abort();
    const failure = await failureOf(machine, await ended);
    if (failure === undefined) return result;
    return result.ok ? failed(failure) : failed(...result.failures, failure);
  } finally {
    stop.abort();
    await ended.catch(() => undefined);
    log.value.end();
  }
}

async function failureOf(
  { name, qemu, log }: StagedMachine,
  { killed, ...end }: Ended & { readonly killed: boolean },
): Promise<Failure | undefined> {
  if (end.status === undefined)
    return explainFailedStart({ root: qemu.root, ...end }, await readHostLimits());
  if (killed || end.status === 0) return undefined;
  return {
    code: "NVLAB_BOOT",
    message: `QEMU of machine ${name} ended with status ${end.status}.`,
    hint: "nvlab boot --print shows the command to try by hand.",
    details: [`Its console: ${log}`],
  };
}
