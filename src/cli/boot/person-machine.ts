import { mkdtemp, rm } from "node:fs/promises";
import { bootBeside } from "../../boot/boot-beside.ts";
import { bootInteractive } from "../../boot/boot-interactive.ts";
import { withModels } from "../../boot/run-models.ts";
import type { StagedMachine } from "../../boot/stage-machine.ts";
import { ok, type Result } from "../../failure/result.ts";
import type { CommandContext, Outcome } from "../context.ts";

/** The first machine's console on this terminal, until the person leaves it; the second one's goes to its log. */
export async function bootForPerson(
  [first, second]: readonly StagedMachine[],
  context: CommandContext,
): Promise<Result<Outcome>> {
  if (first === undefined) throw new Error("a boot without a machine");
  const models = [...first.models, ...(second?.models ?? [])];
  const onTerminal = (): Promise<Result<void>> => bootOnTerminal(first, context);
  const ended = await withModels(models, { signal: context.signal }, () =>
    second === undefined ? onTerminal() : bootBeside(second, onTerminal),
  );
  if (!ended.ok) return ended;
  const { died } = ended.value;
  return ok({ data: {}, failures: died, exit: died.length === 0 ? 0 : 1 });
}

function bootOnTerminal({ qemu }: StagedMachine, context: CommandContext): Promise<Result<void>> {
  const { environment, signal, terminal } = context;
  return context.yieldTerminal(() =>
    bootInteractive(qemu, {
      signal,
      ...(environment.TERM !== undefined && { term: environment.TERM }),
      ...(terminal !== undefined && { terminal }),
    }),
  );
}

/** What a person should know before the console takes the terminal. */
export function greeting([first, second]: readonly StagedMachine[]): string {
  const lab = first === undefined || first.models.length === 0 ? "" : labHint;
  const other = second === undefined ? "" : `; machine b prints to ${second.log}`;
  return `starting QEMU; Ctrl-A x leaves it${other}${lab}`;
}

const labHint =
  "; in another terminal `nvlab lab status` shows its NVLink controllers, `nvlab lab --help` what can be done to them";

/** A folder of its own for gdb's socket while `work` goes on. */
export async function withGdbFolder<T>(place: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(place);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
