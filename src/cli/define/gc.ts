import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { GcOptions } from "../options.ts";
import { milliseconds, size } from "../parse-value.ts";
import { example } from "./shared-options.ts";

export function defineGc(program: Command, dispatch: Dispatch): void {
  program
    .command("gc")
    .summary("remove what the store no longer needs")
    .description(
      "Removes what this project does not need and nobody used for 30 days, unless a limit is given.\nSafe beside a running build.",
    )
    .option("--max-size <SIZE>", "what may remain, as in 20G", size)
    .option("--max-age <TIME>", "what was used within this time remains, as in 30d", milliseconds)
    .option("--dry-run", "only say what would be removed")
    .option("--verify", "hash every stored output instead, and set altered ones aside")
    .addHelpText("after", example("nvlab gc --max-size 20G --max-age 30d"))
    .action((flags: GcOptions) => dispatch(flags, () => import("../run/gc.ts")));
}
