import type { CompletionOption, CompletionTree, Values } from "./tree.ts";

/** A script for zsh: a file named _nvlab in a folder of $fpath, or given to `source`. */
export function zshScript(tree: CompletionTree): string {
  const commands = tree.commands
    .map((command) => `    ${quote(`${command.name}:${command.summary.replaceAll(":", "\\:")}`)}`)
    .join("\n");
  const cases = tree.commands
    .map((command) => {
      const specs = [
        ...command.options.flatMap(optionSpecs),
        ...tree.options.flatMap(optionSpecs),
        ...command.operands.map((values, place) =>
          quote(`${String(place + 1)}:${message(values)}:${action(values)}`),
        ),
      ];
      return `        ${command.name}) _arguments ${[...new Set(specs)].join(" \\\n          ")} ;;`;
    })
    .join("\n");
  return `#compdef nvlab
# zsh completion for nvlab, as \`nvlab completion zsh\` prints it

# The kind is the last word: _arguments puts options for compadd before it.
_nvlab_ask() {
  local -a found
  found=(\${(f)"$(nvlab __complete $argv[-1] 2>/dev/null)"})
  compadd "\${(@)argv[1,-2]}" -a found
}

_nvlab() {
  local context state line
  typeset -A opt_args
  local -a commands
  commands=(
${commands}
  )
  _arguments -C ${tree.options.flatMap(optionSpecs).join(" \\\n    ")} \\
    '1: :->command' '*:: :->operand'
  case $state in
    command) _describe -t commands command commands ;;
    operand)
      case $line[1] in
${cases}
      esac ;;
  esac
}

if [[ $funcstack[1] == _nvlab ]]; then
  _nvlab "$@"
else
  compdef _nvlab nvlab
fi
`;
}

function optionSpecs(option: CompletionOption): string[] {
  const summary = option.summary.replaceAll(/[[\]:]/g, (sign) => `\\${sign}`);
  return option.names.map((name) => {
    const value = option.values === undefined ? "" : `:${message(option.values)}:${action(option.values)}`;
    const many = option.variadic && option.values !== undefined ? "*" : "";
    return quote(`${many}${name}[${summary}]${value}`);
  });
}

function message(values: Values): string {
  return values.kind === "words" ? "one of" : values.kind;
}

function action(values: Values): string {
  switch (values.kind) {
    case "words":
      return `(${values.words.join(" ")})`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "targets":
    case "components":
    case "names":
    case "tests":
      return `_nvlab_ask ${values.kind}`;
    case "text":
      return "";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
