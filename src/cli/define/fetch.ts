import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { FetchOptions } from "../options.ts";
import { example, frozenOptions, targetArgument } from "./shared-options.ts";

type Flags = Omit<FetchOptions, "target">;

export function defineFetch(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("fetch"))
    .summary("download all that a target needs")
    .description("Downloads every source and root package of a target, so that a build needs no network.");
  frozenOptions(command)
    .option("--check", "also what `nvlab check` needs")
    .option("--reproduce", "also what `nvlab reproduce` needs")
    .addHelpText("after", example("nvlab fetch qemu-virt && nvlab build qemu-virt --offline"))
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/fetch.ts"), "events"),
    );
}
