import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { SourcesOptions } from "../options.ts";
import { example } from "./shared-options.ts";

type Flags = Omit<SourcesOptions, "path">;

export function defineSources(program: Command, dispatch: Dispatch): void {
  program
    .command("sources")
    .summary("put together the source of a release")
    .description(
      "Makes the corresponding source that the GPL asks for, as a folder and as an archive beside it: original\narchives, patches, configurations, build instructions, licence texts, those of linked libraries too.",
    )
    .argument("<path>", "a release or out folder, or its manifest.json")
    .option("--out <DIR>", "the bundle's folder (<path>-sources without)")
    .option("--leave-out <NAME...>", "components whose licence does not ask for their source")
    .addHelpText("after", example("nvlab sources releases/1.0.0/qemu-virt"))
    .action((path: string, flags: Flags) =>
      dispatch({ path, ...flags }, () => import("../run/sources.ts"), "events"),
    );
}
