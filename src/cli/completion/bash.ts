import type { CompletionCommand, CompletionOption, CompletionTree, Values } from "./tree.ts";

/** A script for bash 4 or newer; needs no bash-completion package. */
export function bashScript(tree: CompletionTree): string {
  const optionCases = [
    ...tree.options.map((option) => optionCase("*", option)),
    ...tree.commands.flatMap((command) => command.options.map((option) => optionCase(command.name, option))),
  ].join("");
  const words = (options: readonly CompletionOption[]): string =>
    options.flatMap((option) => option.names).join(" ");
  return `# bash completion for nvlab, as \`nvlab completion bash\` prints it

# What may follow an option of a command; nothing for a switch. A "+" means: any number of them.
_nvlab_option() {
  case "$1 $2" in
${optionCases}  esac
}

# What the nth operand of a command is.
_nvlab_operand() {
  case "$1 $2" in
${tree.commands.map(operandCases).join("")}  esac
}

_nvlab_options() {
  case "$1" in
${tree.commands.map((command) => `    ${command.name}) echo ${quote(words(command.options))} ;;\n`).join("")}  esac
}

_nvlab() {
  local program="\${COMP_WORDS[0]}" current="\${COMP_WORDS[COMP_CWORD]}"
  local command="" expected="" place=0 word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ $word == -* ]]; then
      expected=$(_nvlab_option "$command" "$word")
    elif [[ -n $expected ]]; then
      [[ $expected == +* ]] || expected=""
    elif [[ -z $command ]]; then
      command=$word
    else
      place=$((place + 1))
    fi
  done
  if [[ $current == -* ]]; then
    expected="words ${words(tree.options)} $(_nvlab_options "$command")"
  elif [[ -z $expected && -z $command ]]; then
    expected=${quote(`words ${tree.commands.map((command) => command.name).join(" ")}`)}
  elif [[ -z $expected ]]; then
    expected=$(_nvlab_operand "$command" "$place")
  fi
  expected=\${expected#+}
  case "$expected" in
    words*) mapfile -t COMPREPLY < <(compgen -W "\${expected#words}" -- "$current") ;;
    files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    targets | components | names | tests)
      mapfile -t COMPREPLY < <(compgen -W "$("$program" __complete "$expected" 2>/dev/null)" -- "$current") ;;
    *) COMPREPLY=() ;;
  esac
}

complete -F _nvlab nvlab
`;
}

function optionCase(command: string, option: CompletionOption): string {
  if (option.values === undefined) return "";
  const patterns = option.names
    .map((name) => `${command === "*" ? "*" : quote(command)}' '${name}`)
    .join(" | ");
  return `    ${patterns}) echo ${quote(`${option.variadic ? "+" : ""}${wordsOf(option.values)}`)} ;;\n`;
}

function operandCases(command: CompletionCommand): string {
  return command.operands
    .map(
      (values, place) =>
        `    ${quote(`${command.name} ${String(place)}`)}) echo ${quote(wordsOf(values))} ;;\n`,
    )
    .join("");
}

function wordsOf(values: Values): string {
  return values.kind === "words" ? `words ${values.words.join(" ")}` : values.kind;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
