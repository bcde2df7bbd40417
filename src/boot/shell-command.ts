import { join } from "node:path";
import { bwrapArguments } from "../exec/bwrap-arguments.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import { gdbSocket } from "./machine-run.ts";

/** The whole command, sandbox included, for a person to paste into a shell. */
export function shellCommand(run: SandboxRun): string {
  const { file, args } = bwrapArguments(run, { terminal: "kept" });
  const made = run.mounts
    .filter(({ writable }) => writable)
    .map(({ host }) => `mkdir -p ${quoteWord(host)} && `);
  return `${made.join("")}${[file, ...args].map(quoteWord).join(" ")}`;
}

/** The line that a person types in another terminal once QEMU waits for gdb. */
export function gdbHint(symbols: string, gdbFolder: string): string {
  return `gdb-multiarch ${quoteWord(symbols)} -ex ${quoteWord(`target remote ${join(gdbFolder, gdbSocket)}`)}`;
}

/** A word that a POSIX shell reads as exactly this text. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
