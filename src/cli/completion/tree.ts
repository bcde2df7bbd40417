import type { Argument, Command, Option } from "commander";

/** What may stand at a place of the command line. */
export type Values =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "targets" | "components" | "names" | "tests" | "files" | "folders" | "text" };

export interface CompletionOption {
  readonly names: readonly string[];
  readonly summary: string;
  /** Absent for a switch. */
  readonly values?: Values;
  readonly variadic: boolean;
}

export interface CompletionCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletionOption[];
  readonly operands: readonly Values[];
}

export interface CompletionTree {
  readonly options: readonly CompletionOption[];
  readonly commands: readonly CompletionCommand[];
}

/** The command tree as a shell has to know it. */
export function completionTree(program: Command): CompletionTree {
  return {
    options: [...program.options.map(readOption), help],
    commands: program.commands
      .filter((command) => !command.name().startsWith("__"))
      .map((command) => ({
        name: command.name(),
        summary: command.summary(),
        options: [...optionsBelow(command), help],
        operands:
          command.commands.length > 0
            ? [{ kind: "words", words: command.commands.map((one) => one.name()) }]
            : command.registeredArguments.map((operand) => operandValues(command.name(), operand)),
      })),
  };
}

/** A command's options and those of the commands below it, each once. */
function optionsBelow(command: Command): CompletionOption[] {
  const all = [command, ...command.commands].flatMap((one) => one.options.map(readOption));
  return [...new Map(all.map((option) => [option.names.join(), option])).values()];
}

const help: CompletionOption = { names: ["-h", "--help"], summary: "how it is used", variadic: false };

function readOption(option: Option): CompletionOption {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const common = { names, summary: option.description, variadic: option.variadic };
  return option.required || option.optional ? { ...common, values: optionValues(option) } : common;
}

function optionValues(option: Option): Values {
  if (option.argChoices !== undefined) return { kind: "words", words: option.argChoices };
  if (option.flags.includes("NAME...")) return { kind: "components" };
  if (option.flags.includes("[NAMES]")) return { kind: "tests" };
  if (option.flags.includes("<TARGET>")) return { kind: "targets" };
  if (option.flags.includes("<DIR>")) return { kind: "folders" };
  if (option.flags.includes("<FILE>")) return { kind: "files" };
  return { kind: "text" };
}

function operandValues(command: string, operand: Argument): Values {
  if (operand.argChoices !== undefined) return { kind: "words", words: operand.argChoices };
  switch (operand.name()) {
    case "target":
      return { kind: "targets" };
    case "name":
      return { kind: command === "show" ? "names" : "components" };
    case "path":
      return { kind: "files" };
    case "folder":
      return { kind: "folders" };
    default:
      return { kind: "text" };
  }
}
