import { join } from "node:path";
import { bwrapArguments } from "../exec/bwrap-arguments.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import { gdbSocket } from "./machine-run.ts";
import type { StagedMachine } from "./stage-machine.ts";

/** The whole command, sandbox included, for a person to paste into a shell. */
export function shellCommand(run: SandboxRun): string {
  const { file, args } = bwrapArguments(run, { terminal: "kept" });
  const made = run.mounts
    .filter(({ writable }) => writable)
    .map(({ host }) => `mkdir -p ${quoteWord(host)} && `);
  return `${made.join("")}${[file, ...args].map(quoteWord).join(" ")}`;
}

/**
 * All commands of machines in one text for a shell: with controllers, their models in the background, ended when
 * QEMU ends.
 */
export function printMachines(machines: readonly StagedMachine[]): string {
  const [first, ...others] = machines;
  if (first === undefined) throw new Error("a boot without a machine");
  const models = machines.flatMap((machine) => machine.models);
  if (models.length === 0 && others.length === 0) return shellCommand(first.qemu);
  const sockets = models.map(({ control }) => `test -S ${quoteWord(control)}`);
  return [
    "(",
    "trap 'kill $(jobs -p)' EXIT",
    ...models.map(({ run }) => `{ ${shellCommand(run)}; } > /dev/null 2>&1 &`),
    `until ${sockets.join(" && ")}; do sleep 0.1; done`,
    ...others.map(({ qemu }) => `{ ${shellCommand(qemu)}; } > /dev/null 2>&1 &`),
    shellCommand(first.qemu),
    ")",
  ].join("\n");
}

/** The line that a person types in another terminal once QEMU waits for gdb. */
export function gdbHint(symbols: string, gdbFolder: string): string {
  return `gdb-multiarch ${quoteWord(symbols)} -ex ${quoteWord(`target remote ${join(gdbFolder, gdbSocket)}`)}`;
}

/** A word that a POSIX shell reads as exactly this text. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
