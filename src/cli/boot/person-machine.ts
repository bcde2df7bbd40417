import { mkdtemp, rm } from "node:fs/promises";
import { bootInteractive } from "../../boot/boot-interactive.ts";
import type { SandboxRun } from "../../exec/sandbox.ts";
import { ok, type Result } from "../../failure/result.ts";
import type { CommandContext, Outcome } from "../context.ts";

/** The machine's console on this terminal, until the person leaves it. */
export async function bootForPerson(run: SandboxRun, context: CommandContext): Promise<Result<Outcome>> {
  const { environment, signal, terminal } = context;
  const ended = await context.yieldTerminal(() =>
    bootInteractive(run, {
      signal,
      ...(environment.TERM !== undefined && { term: environment.TERM }),
      ...(terminal !== undefined && { terminal }),
    }),
  );
  return ended.ok ? ok({ data: {} }) : ended;
}

/** A folder of its own for gdb's socket while `work` goes on. */
export async function withGdbFolder<T>(place: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(place);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
