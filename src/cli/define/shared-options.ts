import { type Command, Option } from "commander";
import { fitKey, localSource } from "../parse-value.ts";

/** Help text below a command's options: how it is used. */
export function example(...lines: readonly string[]): string {
  return `\nExample${lines.length === 1 ? "" : "s"}:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}

export function targetArgument(command: Command): Command {
  return command.argument("[target]", "as `nvlab list` names it; the project's default target without");
}

export function frozenOptions(command: Command): Command {
  return command
    .option("--frozen", "fail rather than change nvlab.lock (the default where CI is set)")
    .option("--no-frozen", "resolve anew what has left every mirror, also where CI is set");
}

export function sourceOption(command: Command): Command {
  return command.addOption(
    new Option("--source <NAME=DIR>", "take a component's source from a local folder").argParser(localSource),
  );
}

export function fitKeyOption(command: Command): Command {
  return command.addOption(
    new Option("--fit-key <NAME=FILE>", "a key that signs or verifies FITs, as a PEM file").argParser(fitKey),
  );
}

export function outOption(command: Command): Command {
  return command.option("--out <DIR>", "the folder of images (out/<target> of the project without)");
}
