import { dirname, join } from "node:path";
import { bwrapArguments } from "../exec/bwrap-arguments.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { gdbSocket } from "./machine-run.ts";
import type { StagedMachine } from "./stage-machine.ts";

/** The whole command, sandbox included, for a person to paste into a shell. */
export function shellCommand(run: SandboxRun): string {
  const made = foldersOf(run).map((folder) => `mkdir -p ${shellQuote(folder)} && `);
  return `${made.join("")}${bareCommand(run)}`;
}

function bareCommand(run: SandboxRun): string {
  const { file, args } = bwrapArguments(run, { terminal: "kept" });
  return [file, ...args].map(shellQuote).join(" ");
}

function foldersOf({ mounts }: SandboxRun): string[] {
  return mounts.filter(({ writable }) => writable).map(({ host }) => host);
}

/**
 * All commands of machines in one text for a POSIX shell: with controllers, their models in the background, ended when
 * QEMU ends. It goes no further than a model that ends before its controller is there.
 */
export function printMachines(machines: readonly StagedMachine[]): string {
  const [first, ...others] = machines;
  if (first === undefined) throw new Error("a boot without a machine");
  const models = machines.flatMap((machine) => machine.models);
  if (models.length === 0 && others.length === 0) return shellCommand(first.qemu);
  const inBackground = [...models, ...others.map(({ qemu, log }) => ({ run: qemu, log }))];
  const logs = inBackground.map(({ log }) => log);
  const folders = [...inBackground.flatMap(({ run }) => foldersOf(run)), ...logs.map((log) => dirname(log))];
  const sockets = machines.flatMap((machine) => machine.sockets);
  return [
    "(",
    // What killed models left would be taken for those of the new ones; a log may be another boot's.
    `rm -f ${words([...sockets, ...logs])}`,
    `mkdir -p ${words(folders)}`,
    // Processes are kept as arguments: "$@" is the one list that every shell reads alike.
    "set --",
    `trap 'kill "$@" 2> /dev/null' EXIT`,
    ...models.map(background),
    ...waiting(models),
    ...others.map(({ qemu, log }) => background({ run: qemu, log })),
    shellCommand(first.qemu),
    ")",
  ].join("\n");
}

function background({ run, log }: { readonly run: SandboxRun; readonly log: string }): string {
  return `${bareCommand(run)} > ${shellQuote(log)} 2>&1 & set -- "$@" $!`;
}

/** Lines that end once all models are ready, and leave the text where one of them is gone. */
function waiting(models: StagedMachine["models"]): string[] {
  const ready = models.map(({ control }) => `test -S ${shellQuote(control)}`);
  const said = shellQuote(`a model has ended: see ${models.map(({ log }) => log).join(", ")}`);
  return [
    `until ${ready.join(" && ")}; do`,
    `  for process do kill -0 "$process" 2> /dev/null || { echo ${said} >&2; exit 1; }; done`,
    "  sleep 0.1",
    "done",
  ];
}

function words(all: readonly string[]): string {
  return [...new Set(all)].map(shellQuote).join(" ");
}

/** The line that a person types in another terminal once QEMU waits for gdb. */
export function gdbHint(symbols: string, gdbFolder: string): string {
  return `gdb-multiarch ${shellQuote(symbols)} -ex ${shellQuote(`target remote ${join(gdbFolder, gdbSocket)}`)}`;
}
