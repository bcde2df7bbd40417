import { type Command, CommanderError } from "commander";
import type { Failure } from "../failure/failure.ts";
import type { Dispatch } from "./context.ts";
import { defineProgram, globalsOf } from "./define/program.ts";
import { execute, fail } from "./execute.ts";
import { usageFailure } from "./usage-failure.ts";
import { readVersion } from "./version.ts";
import type { World } from "./world.ts";

/** Parses the command line, runs the command, shows what came of it. Gives the exit code; throws only bugs. */
export async function runProgram(world: World): Promise<number> {
  let code = 0;
  const program = defineProgram(
    (globals): Dispatch =>
      async (options, load, form) => {
        code = await execute(world, globals, options, load, form);
      },
    readVersion(world.home),
    { help: world.out, helpAfterError: world.err },
  );
  try {
    await program.parseAsync([...world.args], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return endOfParsing(world, program, error);
  }
}

/** commander ends parsing by an exception, for --help and --version too. */
function endOfParsing(world: World, program: Command, error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  // Without a command it has shown the help, on standard error.
  if (error.code === "commander.help") return 2;
  const globals = globalsOf(program);
  const failures: Failure[] = [usageFailure(error, world.args)];
  if (globals.json) world.out(`${JSON.stringify({ failures }, undefined, 2)}\n`);
  return fail(world, globals, failures);
}
