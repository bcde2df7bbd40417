import { type Command, Option } from "commander";
import type { Dispatch } from "../context.ts";
import { type GraphOptions, graphFormats } from "../options.ts";
import { example, targetArgument } from "./shared-options.ts";

type Flags = Omit<GraphOptions, "target">;

export function defineGraph(program: Command, dispatch: Dispatch): void {
  targetArgument(program.command("graph"))
    .summary("the build graph, with what is cached marked")
    .description("Prints the build graph of a target. --json is the same as --format json.")
    .addOption(new Option("--format <FORMAT>", "how to write it").choices(graphFormats).default("mermaid"))
    .addHelpText("after", example("nvlab graph qemu-virt --format dot | dot -Tsvg > graph.svg"))
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/graph.ts")),
    );
}
