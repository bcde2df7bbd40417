import { writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { failed, ok } from "../../failure/result.ts";
import { count } from "../../report/measure.ts";
import { failing } from "../../scan/fail-level.ts";
import { renderSarif } from "../../scan/sarif.ts";
import { scanRelease } from "../../scan/scan-release.ts";
import { renderScanRemarks, renderScanTable } from "../../scan/table.ts";
import type { Run } from "../context.ts";
import type { ScanOptions } from "../options.ts";
import { readVersion } from "../version.ts";
import { vexFile } from "../vex-file.ts";

export const run: Run<ScanOptions> = async (context, options) => {
  const { directory } = context;
  const builds = options.buildTools === true;
  const vex = vexFile(options.vex, directory);
  const scanned = await scanRelease({
    release: resolve(directory, options.release),
    database: resolve(directory, options.db),
    ...(vex === undefined ? {} : { vex }),
    signal: context.signal,
  });
  if (!scanned.ok) return scanned;
  const { report, text } = scanned.value;
  const sarif = (): string =>
    renderSarif(report, text, uriOf(report.sbom.path, directory), readVersion(context.home));
  if (options.sarif !== undefined) {
    const path = resolve(directory, options.sarif);
    const fault = await writeFile(path, sarif()).catch((error: unknown) => String(error));
    if (typeof fault === "string")
      return failed({
        code: "NVLAB_OUT",
        message: `cannot write ${path} (${fault})`,
        hint: "mend its permissions",
      });
  }
  const failures = options.failOn === undefined ? [] : failing(report.findings, options.failOn, builds);
  const incomplete = options.failOn !== undefined && report.database.unreadable.length > 0;
  const results = {
    table: () => renderScanTable(report, context.paint, builds),
    json: () => JSON.stringify(report, undefined, 2),
    sarif,
  };
  const verdict = [
    ...(failures.length > 0
      ? [`failed: ${count(failures.length, "finding")} for --fail-on ${options.failOn ?? ""}`]
      : []),
    ...(incomplete ? ["failed: --fail-on says nothing of records that could not be read"] : []),
  ];
  return ok({
    data: report,
    result: results[options.format](),
    remarks: [renderScanRemarks(report, builds), ...verdict].join("\n"),
    exit: failures.length > 0 || incomplete ? 1 : 0,
  });
};

/** As code scanning wants it: from the top of the checkout, where the file is below it. */
function uriOf(path: string, directory: string): string {
  const below = relative(directory, path);
  return below.startsWith("..")
    ? pathToFileURL(path).href
    : below.split("/").map(encodeURIComponent).join("/");
}
