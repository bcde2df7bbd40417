import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import { example } from "./shared-options.ts";

export function defineDoctor(program: Command, dispatch: Dispatch): void {
  program
    .command("doctor")
    .summary("what this host has and lacks")
    .description("Checks this host, and names for each thing that is missing the command that mends it.")
    .addHelpText("after", example("nvlab doctor"))
    .action(() => dispatch({}, () => import("../run/doctor.ts")));
}
