/** How a run in the sandbox ended, and what it cost. */
export interface StepExit {
  /** Exit status as a shell gives it: 128 + n where signal n ended it. */
  readonly status: number;
  readonly wallMs: number;
  /** User and system time of all processes; 0 where the root has no GNU time. */
  readonly cpuMs: number;
  /** Peak resident memory of the largest process, bytes; 0 where the root has no GNU time. */
  readonly peakBytes: number;
  /** Lines printed. */
  readonly lines: number;
  /** The kernel's out-of-memory killer was at work while this ran, and the run failed. */
  readonly memoryRanOut: boolean;
}

const killed = 137;

/** A sentence's end, as in "the step …", and what to do where that is known. */
export function describeExit(exit: Pick<StepExit, "status" | "memoryRanOut">): {
  message: string;
  hint?: string;
} {
  const hint = "run fewer jobs at once (--jobs N), or give the machine more memory or swap";
  if (exit.memoryRanOut) return { message: "was killed because the machine ran out of memory", hint };
  if (exit.status === killed) {
    return { message: "was killed (signal 9), which most often means that memory ran out", hint };
  }
  if (exit.status > 128 && exit.status < 160) {
    return { message: `was ended by signal ${exit.status - 128}` };
  }
  if (exit.status === 127) return { message: "called a command that is not in its root (exit status 127)" };
  return { message: `ended with exit status ${exit.status}` };
}
