import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { VerifyOptions } from "../options.ts";
import { positiveInteger, semanticVersion } from "../parse-value.ts";
import { example } from "./shared-options.ts";

export function defineVerify(program: Command, dispatch: Dispatch): void {
  program
    .command("verify")
    .summary("check a release folder against its manifest and its signatures")
    .description(
      "Checks every artifact and reports every fault. With keys, also who vouches for the release, and that nothing\nlies in the folder that is not accounted for. Needs neither network nor toolchain.",
    )
    .argument("<path>", "a release folder, or its manifest.json")
    .option("--key <FILE...>", "public keys that are trusted: PEM, or of minisign")
    .option("--signer <FILE...>", "public keys that have to have signed, each of them")
    .option("--rebuilder <FILE...>", "public keys one of which has to have reproduced the release")
    .option("--threshold <N>", "how many of the keys have to have signed (1 without)", positiveInteger)
    .option("--target <TARGET>", "what the release has to be for")
    .option("--minimum-version <SEMVER>", "take nothing older than this version", semanticVersion)
    .option("--builder <URI>", "who has to have built it, as its provenance says")
    .option("--require-reproduced", "a statement that it was reproduced has to be there")
    .option("--require-tested", "a statement of a passed boot test has to be there")
    .option("--policy <FILE>", "keys and demands from a YAML or JSON file")
    .addHelpText(
      "after",
      example(
        "nvlab verify out/qemu-virt",
        "nvlab verify releases/1.2.0/qemu-virt --key release.pub.pem --minimum-version 1.1.0",
        "nvlab verify releases/1.2.0/qemu-virt --policy policy.yaml",
      ),
    )
    .action((path: string, flags: Omit<VerifyOptions, "path">) =>
      dispatch({ path, ...flags }, () => import("../run/verify.ts")),
    );
}
