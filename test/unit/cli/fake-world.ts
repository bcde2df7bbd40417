import { resolve } from "node:path";
import type { Interrupts } from "../../../src/cli/interrupts.ts";
import { runProgram } from "../../../src/cli/program.ts";
import type { World } from "../../../src/cli/world.ts";

/** The folder of nvlab itself. */
export const home = resolve(import.meta.dirname, "../../..");

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const noInterrupts: Interrupts = {
  signal: new AbortController().signal,
  exitCode: () => undefined,
  yieldTerminal: (work) => work(),
};

/** A world without terminal, and what was written to it. */
export function fakeWorld(
  args: readonly string[],
  changes: Partial<World> = {},
): { world: World; out: string[]; err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const world: World = {
    home,
    args,
    environment: {},
    cwd: "/nowhere",
    homeFolder: "/home/somebody",
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    outIsTerminal: false,
    errIsTerminal: false,
    errColumns: 0,
    terminal: undefined,
    live: () => Promise.reject(new Error("the live view was loaded")),
    now: () => 0,
    interrupts: noInterrupts,
    ...changes,
  };
  return { world, out, err };
}

/** Runs a command line in a fake world. */
export async function runLine(line: string, changes: Partial<World> = {}): Promise<Told> {
  const args = line.split(" ").filter((word) => word !== "");
  const { world, out, err } = fakeWorld(args, changes);
  const code = await runProgram(world);
  return { code, out: out.join(""), err: err.join("") };
}
