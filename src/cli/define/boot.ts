import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { BootOptions } from "../options.ts";
import { timeout } from "../parse-value.ts";
import { example, frozenOptions, outOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<BootOptions, "target">;

export function defineBoot(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("boot"))
    .summary("start a target's images in QEMU")
    .description("Boots the built images, with the serial console on this terminal. Ctrl-A x ends QEMU.")
    .option(
      "--test [NAMES]",
      "boot without a person, run the checks inside (those that take seconds, all, or the named ones), exit 0 or 1",
    )
    .option("--peer", "start two machines whose NVLink host links are joined; the second one logs to a file")
    .option("--timeout <TIME>", "with --test: when to give up, as in 90s or 5m", timeout)
    .option("--append <TEXT>", "words added to the kernel command line")
    .option("--gdb", "wait for gdb before the first instruction, and say how to connect it")
    .option("--print", "print the commands of QEMU and the controllers' models, and run nothing");
  outOption(frozenOptions(command))
    .addHelpText(
      "after",
      example(
        "nvlab boot qemu-virt",
        "nvlab boot qemu-virt --test --timeout 60s",
        "nvlab boot qemu-virt --test dma-buf,network",
        "nvlab boot qemu-virt --peer --test",
      ),
    )
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/boot.ts"), "events"),
    );
}
