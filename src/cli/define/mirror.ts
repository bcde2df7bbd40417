import { type Command, Option } from "commander";
import type { Dispatch } from "../context.ts";
import type { MirrorOptions } from "../options.ts";
import { example } from "./shared-options.ts";

type Flags = Omit<MirrorOptions, "folder">;

export function defineMirror(program: Command, dispatch: Dispatch): void {
  program
    .command("mirror")
    .summary("export every byte that the lock names")
    .description(
      "Fills a folder with all sources, packages and npm tarballs, for builds with --mirror and no other network.\nA path or any static web server serves it. Run again, it goes on and mends what is wrong.",
    )
    .argument("<folder>", "a mirror, or a new folder")
    .option("--only <NAME...>", "only these components and roots of the lock; npm for npm's tarballs")
    .option("--update", "add what the lock names to a mirror of another lock")
    .option("--prune", "the same, and remove what is not asked for any more")
    .addOption(
      new Option("--verify", "hash all that is there, and report every fault").conflicts([
        "update",
        "prune",
        "only",
        "copy",
      ]),
    )
    .option("--copy", "no hard links to the cache")
    .addHelpText(
      "after",
      example(
        "nvlab mirror /srv/nvlab",
        "nvlab --mirror /srv/nvlab build qemu-virt",
        "nvlab mirror /srv/nvlab --verify",
      ),
    )
    .action((folder: string, flags: Flags) =>
      dispatch({ folder, ...flags }, () => import("../run/mirror.ts"), "events"),
    );
}
