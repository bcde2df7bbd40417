import { setImmediate as nextTurn } from "node:timers/promises";

/** How long synchronous file work may keep the event loop from anything else. */
const patienceMs = 20;

/**
 * Synchronous calls are several times faster than asynchronous ones for many small files. Awaiting the returned
 * function between them lets timers, signals and the progress view have their turn.
 */
export function takingTurns(signal?: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < patienceMs) return undefined;
    return nextTurn().then(() => {
      signal?.throwIfAborted();
      since = performance.now();
    });
  };
}
