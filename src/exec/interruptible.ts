import type { EventEmitter } from "node:events";

export type InterruptSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruptible {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** The first signal that came: exit with 130 for SIGINT, 143 for SIGTERM. */
  readonly by: InterruptSignal | undefined;
  /** Takes the handlers away again. */
  dispose(): void;
}

/**
 * Makes a command end in order: the first SIGINT, SIGTERM or SIGHUP aborts the signal, on which everything stops
 * and cleans up. A second one ends the process at once; each sandbox dies with it.
 * @param source the process, or what stands for it
 * @param killHard sends a signal to this process, after the handlers are gone
 */
export function interruptible(
  source: Pick<EventEmitter, "on" | "off">,
  killHard: (signal: InterruptSignal) => void,
): Interruptible {
  const controller = new AbortController();
  let by: InterruptSignal | undefined;
  const handlers = names.map((name) => {
    const handler = (): void => {
      if (by !== undefined) {
        dispose();
        killHard(name);
        return;
      }
      by = name;
      controller.abort();
    };
    source.on(name, handler);
    return [name, handler] as const;
  });
  const dispose = (): void => {
    for (const [name, handler] of handlers) source.off(name, handler);
  };
  return {
    signal: controller.signal,
    get by() {
      return by;
    },
    dispose,
  };
}
