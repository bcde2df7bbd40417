import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { SignOptions } from "../options.ts";
import { moment } from "../parse-value.ts";
import { example } from "./shared-options.ts";

export function defineSign(program: Command, dispatch: Dispatch): void {
  program
    .command("sign")
    .summary("sign a release")
    .description(
      "Signs a release's manifest, SHA256SUMS and statements, for nvlab, minisign and cosign. Refuses a folder that\ndoes not verify. Another signer's signatures stay.",
    )
    .argument("<release>", "a release folder, or its manifest.json")
    .requiredOption("--key <FILE>", "the private key, as `nvlab keygen` makes it")
    .option("--expires <DATE>", "the signatures count until then, as in 2027-06-30 (UTC)", moment)
    .option("--test-results <FILE>", "state the results of a boot test: test-results.json of an out folder")
    .addHelpText(
      "after",
      example(
        "nvlab sign releases/1.2.0/qemu-virt --key release.key --expires 2027-06-30",
        "nvlab sign releases/1.2.0/qemu-virt --key release.key --test-results out/qemu-virt/test-results.json",
      ),
    )
    .action((release: string, flags: Omit<SignOptions, "release">) =>
      dispatch({ release, ...flags }, () => import("../run/sign.ts")),
    );
}
