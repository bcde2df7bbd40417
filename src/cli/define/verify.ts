import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import { example } from "./shared-options.ts";

export function defineVerify(program: Command, dispatch: Dispatch): void {
  program
    .command("verify")
    .summary("check a release folder against its manifest")
    .description("Checks every artifact and reports every fault. Needs neither network nor toolchain.")
    .argument("<path>", "a release folder, or its manifest.json")
    .addHelpText("after", example("nvlab verify out/qemu-virt"))
    .action((path: string) => dispatch({ path }, () => import("../run/verify.ts")));
}
