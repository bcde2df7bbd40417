import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { CheckOptions } from "../options.ts";
import { example, frozenOptions, outOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<CheckOptions, "target">;

export function defineCheck(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("check"))
    .summary("check device trees against their bindings")
    .description(
      "Validates the device trees of a built target and its bindings with dt-schema, in the locked check root.",
    )
    .option("--tree <FILE...>", "check these flattened trees, as one that a running machine gave");
  outOption(frozenOptions(command))
    .addHelpText("after", example("nvlab check qemu-virt", "nvlab check qemu-virt --tree fdt"))
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/check.ts"), "events"),
    );
}
