import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { InitOptions } from "../options.ts";
import { example } from "./shared-options.ts";

type Flags = Omit<InitOptions, "folder">;

export function defineInit(program: Command, dispatch: Dispatch): void {
  program
    .command("init")
    .summary("make a project that extends the shipped recipes")
    .description("Writes nvlab.yaml with an example target and driver overlay. Overwrites nothing.")
    .argument("[folder]", "where; the working folder without")
    .option("--name <NAME>", "the project's name (the folder's without)")
    .addHelpText("after", example("nvlab init my-board && cd my-board && nvlab build"))
    .action((folder: string | undefined, flags: Flags) =>
      dispatch({ folder, ...flags }, () => import("../run/init.ts")),
    );
}
