import type { Command } from "commander";
import type { Dispatch } from "../context.ts";
import type { ReleaseOptions } from "../options.ts";
import { moment, jobCount } from "../parse-value.ts";
import { example, fitKeyOption, sourceOption, targetArgument } from "./shared-options.ts";

type Flags = Omit<ReleaseOptions, "target">;

export function defineRelease(program: Command, dispatch: Dispatch): void {
  const command = targetArgument(program.command("release"))
    .summary("make a release: images, SBOM, provenance, licences, signatures")
    .description(
      "Builds a target from its lock alone, as with --frozen and never --incremental, and writes\nreleases/<version>/<target>/ and <project>-<version>-<target>.tar.gz. Refuses what nobody could build again, and\nsays why. The same commit gives the same bytes.",
    )
    .option("--key <FILE>", "sign with this private key, as `nvlab keygen` makes it")
    .option("--expires <DATE>", "the signatures count until then, as in 2027-06-30 (UTC)", moment)
    .option("--release-version <SEMVER>", "version of the release (that of nvlab.yaml without)")
    .option("--builder <URI>", "who runs this build, for the provenance")
    .option("--jobs <N>", "how many jobs at once (as many as cores without)", jobCount);
  fitKeyOption(sourceOption(command))
    .addHelpText(
      "after",
      example(
        "nvlab release qemu-virt --key release.key",
        "nvlab release --release-version 1.3.0-rc.1 --builder https://ci.example.org/release",
      ),
    )
    .action((target: string | undefined, flags: Flags) =>
      dispatch({ target, ...flags }, () => import("../run/release.ts"), "events"),
    );
}
