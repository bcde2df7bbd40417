import { setTimeout as delay } from "node:timers/promises";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Emit } from "../report/event.ts";
import { type CacheLock, tryLock } from "./cache-lock.ts";
import { storeFailure } from "./store-failure.ts";

export interface BuildLockRequest {
  readonly cacheDir: string;
  readonly fingerprint: string;
  /** What is built, for the notice to a person who waits. */
  readonly component: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface BuildLock extends CacheLock {
  /** Somebody else had it, so look into the store again: the output is probably there now. */
  readonly waited: boolean;
}

const shortestPauseMs = 20;
const longestPauseMs = 400;

/**
 * Takes the right to build one fingerprint. Where another process builds it, says so once and waits. The lock of
 * a process that died is taken over.
 */
export async function acquireBuildLock(request: BuildLockRequest): Promise<Result<BuildLock>> {
  const { cacheDir, fingerprint, component, emit, signal, clock } = request;
  let told = false;
  for (let pause = shortestPauseMs, waited = false; ; waited = true) {
    if (signal.aborted) return interrupted(component);
    try {
      const attempt = tryLock(cacheDir, `build-${fingerprint}`, clock());
      if (attempt.state === "locked") return ok({ ...attempt.lock, waited });
      if (!told && attempt.pid !== process.pid) {
        told = true;
        const who =
          attempt.pid === undefined ? "another nvlab" : `another nvlab (process ${String(attempt.pid)})`;
        emit({ type: "notice", level: "info", message: `${who} is building '${component}': waiting for it` });
      }
    } catch (error) {
      return storeFailure(error, cacheDir);
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(longestPauseMs, pause * 2);
  }
}

function interrupted(component: string): Result<never> {
  return failed({
    code: "NVLAB_INTERRUPTED",
    message: `interrupted while '${component}' was built elsewhere`,
  });
}
