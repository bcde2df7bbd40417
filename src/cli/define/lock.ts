import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { LockOptions } from "../options.ts";
import { positiveInteger } from "../parse-value.ts";
import { example } from "./shared-options.ts";

export function defineLock(program: Command, dispatch: Dispatch): void {
  program
    .command("lock")
    .summary("resolve recipes to nvlab.lock")
    .description("Pins every source and root package by digest, and says what changed. Needs apt.")
    .option("--update [NAME...]", "resolve anew what is locked already: all, or these components and roots")
    .option(
      "--epoch <SECONDS>",
      "set the build epoch (SOURCE_DATE_EPOCH), which otherwise never changes",
      positiveInteger,
    )
    .addHelpText("after", example("nvlab lock", "nvlab lock --update linux build"))
    .action((flags: LockOptions) => dispatch(flags, () => import("../run/lock.ts"), "events"));
}
