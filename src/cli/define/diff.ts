import { type Command, Option } from "commander";
import type { Dispatch } from "../context.ts";
import { diffFormats, type DiffOptions } from "../options.ts";
import { example } from "./shared-options.ts";

type Flags = Omit<DiffOptions, "before" | "after">;

export function defineDiff(program: Command, dispatch: Dispatch): void {
  program
    .command("diff")
    .summary("what differs between two releases")
    .description(
      "Compares versions, patches, config options, toolchain, sizes, device trees and SBOMs. --json is the same as --format json.",
    )
    .argument("<before>", "a release folder, an out folder, or a manifest.json")
    .argument("<after>", "another one")
    .option("--db <PATH>", "also compare known vulnerabilities, by this snapshot (as `nvlab scan` takes it)")
    .option("--vex <FILE>", "with --db: OpenVEX document (the project's security/vex.json without)")
    .option("--no-vex", "with --db: hear no OpenVEX document")
    .option("--exit-code", "exit 1 where the two differ, 0 where they do not")
    .addOption(new Option("--format <FORMAT>", "how to write it").choices(diffFormats).default("table"))
    .addHelpText(
      "after",
      example(
        "nvlab diff releases/1.0.0/qemu-virt releases/1.1.0/qemu-virt",
        "nvlab diff main/out/qemu-virt out/qemu-virt --format markdown > comment.md",
      ),
    )
    .action((before: string, after: string, flags: Flags) =>
      dispatch({ before, after, ...flags }, () => import("../run/diff.ts")),
    );
}
