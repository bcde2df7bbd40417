import type { CompletionOption, CompletionTree, Values } from "./tree.ts";

/** A script for fish: a file nvlab.fish in its completions folder. */
export function fishScript(tree: CompletionTree): string {
  const names = tree.commands.map((command) => command.name).join(" ");
  const lines = [
    "# fish completion for nvlab, as `nvlab completion fish` prints it",
    "",
    "complete -c nvlab -f",
    ...tree.options.map((option) => optionLine(option, undefined)),
  ];
  for (const command of tree.commands) {
    const none = quote(`not __fish_seen_subcommand_from ${names}`);
    lines.push(`complete -c nvlab -n ${none} -a ${command.name} -d ${quote(command.summary)}`);
    const seen = `__fish_seen_subcommand_from ${command.name}`;
    lines.push(...command.options.map((option) => optionLine(option, seen)));
    for (const values of command.operands) {
      const choice = valuesArgument(values);
      if (choice !== "") lines.push(`complete -c nvlab -n ${quote(seen)} ${choice}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function optionLine(option: CompletionOption, condition: string | undefined): string {
  const parts = ["complete -c nvlab"];
  if (condition !== undefined) parts.push(`-n ${quote(condition)}`);
  for (const name of option.names)
    parts.push(name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`);
  // -x: a value is needed, and it is no file.
  if (option.values?.kind === "files") parts.push("-r -F");
  else if (option.values !== undefined) parts.push(`-x ${valuesArgument(option.values)}`.trim());
  parts.push(`-d ${quote(option.summary)}`);
  return parts.join(" ");
}

function valuesArgument(values: Values): string {
  switch (values.kind) {
    case "words":
      return `-a ${quote(values.words.join(" "))}`;
    case "files":
      return "-F";
    case "folders":
      return "-a '(__fish_complete_directories)'";
    case "targets":
    case "components":
    case "names":
    case "tests":
      return `-a '(nvlab __complete ${values.kind} 2>/dev/null)'`;
    case "text":
      return "";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
