import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { WhyOptions } from "../options.ts";
import { example, sourceOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<WhyOptions, "name" | "target">;

export function defineWhy(program: Command, dispatch: Dispatch): void {
  const command = program.command("why").argument("<name>", "a component or image");
  sourceOption(targetArgument(command))
    .summary("why a component would be built anew")
    .description(
      "Names each input that differs from the last build: this fragment, that patch, these packages.",
    )
    .addHelpText("after", example("nvlab why linux qemu-virt"))
    .action((name: string, target: string | undefined, flags: Flags) =>
      dispatch({ name, target, ...flags }, () => import("../run/why.ts")),
    );
}
