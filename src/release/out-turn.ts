import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { tryLock } from "../store/cache-lock.ts";

const betweenTries = 50;

/**
 * Runs `work` while no other nvlab on this cache writes the same out folder, waiting for it where one does.
 * Rejects with the signal's reason where that is aborted meanwhile; throws system errors of the cache.
 */
export async function inTurnFor<T>(
  place: { readonly cacheDir: string; readonly out: string },
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const name = `out-${createHash("sha256").update(place.out).digest("hex").slice(0, 16)}`;
  for (;;) {
    signal?.throwIfAborted();
    const attempt = tryLock(place.cacheDir, name, Date.now());
    if (attempt.state === "held") {
      await sleep(betweenTries);
      continue;
    }
    try {
      return await work();
    } finally {
      attempt.lock.release();
    }
  }
}
