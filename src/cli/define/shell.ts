import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { ShellOptions } from "../options.ts";
import { example, sourceOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<ShellOptions, "name" | "target">;

export function defineShell(program: Command, dispatch: Dispatch): void {
  const command = program.command("shell").argument("<name>", "a component");
  sourceOption(targetArgument(command))
    .summary("a shell in the sandbox of a component")
    .description(
      "Opens a shell that sees sources, environment and inputs as the component's build sees them.",
    )
    .addHelpText("after", example("nvlab shell linux qemu-virt"))
    .action((name: string, target: string | undefined, flags: Flags) =>
      dispatch({ name, target, ...flags }, () => import("../run/shell.ts")),
    );
}
