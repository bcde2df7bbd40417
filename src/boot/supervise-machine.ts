import { bwrapArguments } from "../exec/bwrap-arguments.ts";
import type { Ended } from "../exec/sandbox-process.ts";
import { statusFd, superviseSandbox } from "../exec/sandbox-process.ts";
import type { SandboxRun } from "../exec/sandbox.ts";

/** Starts a program in its sandbox, hands out what it prints and resolves when all of it is gone; aborting kills it. */
export type Supervise = (
  run: SandboxRun,
  onOutput: (chunk: Buffer) => void,
  signal: AbortSignal,
) => Promise<Ended>;

export const superviseMachine: Supervise = (run, onOutput, signal) =>
  superviseSandbox(bwrapArguments(run, { terminal: "none", statusFd }), { onOutput, signal });
