import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { BootOptions } from "../options.ts";
import { seconds } from "../parse-value.ts";
import { example, frozenOptions, outOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<BootOptions, "target">;

export function defineBoot(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("boot"))
    .summary("start a target's images in QEMU")
    .description("Boots the built images, with the serial console on this terminal. Ctrl-A x ends QEMU.")
    .option("--test", "boot without a person, run the checks inside, exit 0 or 1")
    .option("--timeout <TIME>", "with --test: when to give up, as in 90s or 5m", seconds)
    .option("--append <TEXT>", "words added to the kernel command line")
    .option("--gdb", "wait for gdb before the first instruction, and say how to connect it")
    .option("--print", "print the QEMU command and do not run it");
  outOption(frozenOptions(command))
    .addHelpText("after", example("nvlab boot qemu-virt", "nvlab boot qemu-virt --test --timeout 60s"))
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/boot.ts"), "events"),
    );
}
