import { type Command, Option } from "commander";
import { failLevels } from "../../scan/fail-level.ts";
import type { Dispatch } from "../context.ts";
import { type ScanOptions, scanFormats } from "../options.ts";
import { example } from "./shared-options.ts";

type Flags = Omit<ScanOptions, "release">;

export function defineScan(program: Command, dispatch: Dispatch): void {
  program
    .command("scan")
    .summary("known vulnerabilities of what a release has in it")
    .description(
      "Matches a release's SBOM with a snapshot of a vulnerability database. Needs no network. --json is the same as --format json.",
    )
    .argument("<release>", "a release folder, or a CycloneDX SBOM of anybody's as JSON")
    .requiredOption(
      "--db <PATH>",
      "snapshot: OSV or CVE records (a file, or a folder of them), or the JSON of Debian's security tracker",
    )
    .option("--vex <FILE>", "OpenVEX document (the project's security/vex.json without)")
    .option("--no-vex", "hear no OpenVEX document")
    .addOption(
      new Option("--fail-on <SEVERITY>", "exit 1 where an open finding is as severe as this").choices(
        failLevels,
      ),
    )
    .option("--build-tools", "also show and count packages that were only used to build")
    .option("--sarif <FILE>", "also write a SARIF log, for code scanning")
    .addOption(new Option("--format <FORMAT>", "what to print").choices(scanFormats).default("table"))
    .addHelpText(
      "after",
      example(
        "nvlab scan releases/1.0.0/qemu-virt --db cve/published --fail-on high",
        "nvlab scan sbom.cdx.json --db debian.json --sarif scan.sarif",
      ),
    )
    .action((release: string, flags: Flags) =>
      dispatch({ release, ...flags }, () => import("../run/scan.ts")),
    );
}
