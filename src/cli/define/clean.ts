import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { CleanOptions } from "../options.ts";
import { example, outOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<CleanOptions, "target">;

export function defineClean(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("clean"))
    .summary("remove a target's out folder")
    .description("Removes what nvlab wrote to out/<target>, and nothing else. The store stays.");
  outOption(command)
    .addHelpText("after", example("nvlab clean qemu-virt"))
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/clean.ts")),
    );
}
