import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { bootBeside } from "../../boot/boot-beside.ts";
import { bootInteractive } from "../../boot/boot-interactive.ts";
import { withModels } from "../../boot/run-models.ts";
import type { StagedMachine } from "../../boot/stage-machine.ts";
import { ok, type Result } from "../../failure/result.ts";
import { onDisk } from "../../store/store-failure.ts";
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

/** A folder of its own for gdb's socket while `work` goes on. Fails as the cache's disk or the work does. */
export async function withGdbFolder<T>(
  cacheDir: string,
  work: (folder: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const made = await onDisk(cacheDir, async () => {
    const temporary = join(cacheDir, "tmp");
    await mkdir(temporary, { recursive: true });
    // A short name: gdb wants the whole path in a socket's address, which holds 107 bytes.
    return ok(await mkdtemp(join(temporary, "gdb-")));
  });
  if (!made.ok) return made;
  try {
    return await work(made.value);
  } finally {
    await rm(made.value, { recursive: true, force: true });
  }
}
