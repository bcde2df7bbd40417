import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { ConfigOptions } from "../options.ts";
import { example, targetArgument } from "./shared-options.ts";

type Flags = Omit<ConfigOptions, "name" | "target">;

export function defineConfig(program: Command, dispatch: Dispatch): void {
  const command = program.command("config").argument("<name>", "a component with a Kconfig");
  targetArgument(command)
    .summary("a component's resolved Kconfig")
    .description("Prints the final .config, or changes it and offers the change as a fragment.")
    .option("--diff", "only what differs from the defconfig")
    .option("--set <OPTION=VALUE...>", "try these options, and print what they bring about")
    .option("--menuconfig", "edit in the tree's own menu, in the sandbox")
    .addHelpText("after", example("nvlab config linux --diff", "nvlab config linux --set CONFIG_KPROBES=y"))
    .action((name: string, target: string | undefined, flags: Flags) =>
      dispatch({ name, target, ...flags }, () => import("../run/config.ts")),
    );
}
