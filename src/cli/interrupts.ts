/** The part of Node's process that is needed to be told of signals. */
export interface SignalSource {
  readonly on: (signal: "SIGINT" | "SIGTERM", listener: () => void) => unknown;
  readonly exit: (code: number) => unknown;
}

export interface Interrupts {
  readonly signal: AbortSignal;
  /** 130 after Ctrl-C, 143 after SIGTERM (128 and the signal's number), undefined without either. */
  readonly exitCode: () => 130 | 143 | undefined;
  /** While `work` goes on, Ctrl-C is left to the program that has the terminal. */
  readonly yieldTerminal: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The first signal asks everything to end in good order; a second one ends it at once. */
export function watchInterrupts(source: SignalSource): Interrupts {
  const controller = new AbortController();
  let code: 130 | 143 | undefined;
  let yielded = 0;
  const interrupt = (with_: 130 | 143): void => {
    if (code !== undefined) {
      source.exit(with_);
      return;
    }
    code = with_;
    controller.abort();
  };
  source.on("SIGINT", () => {
    if (yielded === 0) interrupt(130);
  });
  source.on("SIGTERM", () => {
    interrupt(143);
  });
  return {
    signal: controller.signal,
    exitCode: () => code,
    yieldTerminal: async (work) => {
      yielded += 1;
      try {
        return await work();
      } finally {
        yielded -= 1;
      }
    },
  };
}
