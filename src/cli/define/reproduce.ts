import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { ReproduceOptions } from "../options.ts";
import { collect, jobCount } from "../parse-value.ts";
import { example, outOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<ReproduceOptions, "target">;

export function defineReproduce(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("reproduce"))
    .summary("build again under other conditions, and compare")
    .description(
      "Builds a target twice more, without the store and under varied conditions, and compares every artifact.\nWith --once or --from: once more, and compares with what was built before.",
    )
    .option("--vary <CHANGES>", "what is varied, as reprotest's: +all,-time (repeatable)", collect)
    .option("--once", "one rebuild, compared with the out folder")
    .option("--from <PATH>", "rebuild this release folder or manifest.json and compare with it")
    .option("--component <NAME...>", "only these components and what they need")
    .option("--except <NAME...>", "take these from the store; all else is made anew")
    .option("--jobs <N>", "how many jobs at once (as many as cores without)", jobCount)
    .option("--statement <FILE>", "write what was found as an in-toto statement")
    .option("--rebuilder <URI>", "who rebuilds, for the statement")
    .option("--key <FILE>", "sign the statement and put it into the release's attestations");
  outOption(command)
    .addHelpText(
      "after",
      example(
        "nvlab reproduce qemu-virt",
        "nvlab reproduce --once --except linux --vary +all,-time",
        "nvlab reproduce --from releases/1.0.0/qemu-virt --key my.key",
      ),
    )
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/reproduce.ts"), "events"),
    );
  program
    .command("__rebuild", { hidden: true })
    .argument("<order>")
    .action((order: string) => dispatch({ order }, () => import("../run/rebuild.ts"), "events"));
}
