import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { KeygenOptions } from "../options.ts";
import { example } from "./shared-options.ts";

export function defineKeygen(program: Command, dispatch: Dispatch): void {
  program
    .command("keygen")
    .summary("make a pair of keys that releases are signed with")
    .description(
      "Writes an Ed25519 key as PREFIX.key, which stays with you, and its public half as PREFIX.pub.pem and as\nPREFIX.pub for minisign. Encrypted with NVLAB_KEY_PASSPHRASE, or with what you type. Overwrites nothing.",
    )
    .option("--out <PREFIX>", "where, and the beginning of the files' names", "nvlab")
    .addHelpText("after", example("nvlab keygen --out ~/keys/release"))
    .action((flags: KeygenOptions) => dispatch(flags, () => import("../run/keygen.ts")));
}
