import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import { example } from "./shared-options.ts";

export function defineList(program: Command, dispatch: Dispatch): void {
  program
    .command("list")
    .summary("targets and components, with versions and licences")
    .description("Lists what the project and the recipes that come with nvlab can build.")
    .addHelpText("after", example("nvlab list", "nvlab list --json"))
    .action(() => dispatch({}, () => import("../run/list.ts")));
}

export function defineShow(program: Command, dispatch: Dispatch): void {
  program
    .command("show")
    .summary("a target or component in full, as resolved")
    .description("Shows a recipe after all extensions of the project, with what the lock pins for it.")
    .argument("<name>", "a target or component")
    .addHelpText("after", example("nvlab show linux"))
    .action((name: string) => dispatch({ name }, () => import("../run/show.ts")));
}
