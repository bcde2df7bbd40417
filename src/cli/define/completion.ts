import { Argument, type Command } from "commander";
import type { Dispatch } from "../context.ts";
import { type ShellName, shells } from "../options.ts";
import { example } from "./shared-options.ts";

export function defineCompletion(program: Command, dispatch: Dispatch): void {
  program
    .command("completion")
    .summary("print a completion script for a shell")
    .description("Prints a script that lets a shell complete commands, options, targets and components.")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .addHelpText(
      "after",
      example(
        "source <(nvlab completion bash)",
        'nvlab completion zsh > "${fpath[1]}/_nvlab"',
        "nvlab completion fish > ~/.config/fish/completions/nvlab.fish",
      ),
    )
    .action((shell: ShellName) => dispatch({ shell, program }, () => import("../run/completion.ts")));
  program
    .command("__complete", { hidden: true })
    .argument("<kind>")
    .action((kind: string) => dispatch({ kind }, () => import("../run/complete.ts")));
}
