import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { BuildOptions } from "../options.ts";
import { jobCount } from "../parse-value.ts";
import {
  example,
  fitKeyOption,
  frozenOptions,
  outOption,
  sourceOption,
  targetArgument,
} from "./shared-options.ts";

type Flags = Omit<BuildOptions, "target">;

export function defineBuild(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("build"))
    .summary("build a target's images")
    .description("Builds what changed, fetching what is missing, and writes the images to out/<target>.")
    .option("--component <NAME...>", "only these components and what they need")
    .option("--jobs <N>", "how many jobs at once (as many as cores without)", jobCount)
    .option("--keep-going", "after a failure, go on with what does not depend on it")
    .option("--rebuild <NAME...>", "build these components anew, whatever the store has")
    .option("--incremental", "keep object files between builds; the manifest then says so")
    .option("--release-version <SEMVER>", "version in the manifest (that of nvlab.yaml without)");
  outOption(fitKeyOption(sourceOption(frozenOptions(command))))
    .addHelpText(
      "after",
      example(
        "nvlab build qemu-virt",
        "nvlab build qemu-virt --component opensbi --source opensbi=../opensbi",
        "nvlab build my-board --fit-key boot=../keys/boot.key",
      ),
    )
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/build.ts"), "events"),
    );
}
