import { count } from "../report/measure.ts";
import type { Paint } from "../report/palette.ts";
import { renderTable } from "../report/table.ts";
import { truncate } from "../report/text-width.ts";
import { printable } from "../text/printable.ts";
import { shellQuote } from "../text/shell-quote.ts";
import type { Finding } from "./finding.ts";
import type { ScanReport } from "./scan-release.ts";
import type { SeverityLevel } from "./severity-level.ts";

const summaryColumns = 60;

const colours: Readonly<Record<SeverityLevel, Parameters<Paint>[0]>> = {
  critical: "red",
  high: "red",
  medium: "yellow",
  low: "cyan",
  none: "dim",
  unknown: "dim",
};

/** The findings as people read them. Those in packages that were only used to build are shown where `builds` says so. */
export function renderScanTable(report: ScanReport, paint: Paint, builds: boolean): string {
  const shown = report.findings.filter(({ component }) => builds || component.role === "image");
  if (shown.length === 0) return "no known vulnerability";
  return renderTable(
    [
      { title: "vulnerability" },
      { title: "severity" },
      { title: "component" },
      { title: "fixed in" },
      { title: "state" },
      { title: "summary" },
    ],
    shown.map((finding) => [
      printable(finding.id),
      paint(colours[finding.severity.level], describeSeverity(finding)),
      printable(`${finding.component.name} ${finding.component.version ?? ""}`.trim()),
      printable(finding.fixed ?? ""),
      finding.state,
      truncate(printable(finding.reason ?? finding.summary), summaryColumns),
    ]),
    paint,
  );
}

/** How many of what, and what a person should know of how they were found. */
export function renderScanRemarks(report: ScanReport, builds: boolean): string {
  const { sbom, database, vex } = report;
  const states = new Map<string, number>();
  const hidden = report.findings.filter(({ component }) => !builds && component.role === "build");
  for (const finding of report.findings)
    if (!hidden.includes(finding)) states.set(finding.state, (states.get(finding.state) ?? 0) + 1);
  const unrated = report.findings.filter(
    ({ state, severity }) => state === "affected" && severity.level === "unknown",
  ).length;
  const unused = vex?.unused ?? [];
  return [
    `${printable(sbom.product)}: ${count(sbom.components, "component")}, ${count(database.records, "record")} of ${printable(database.path)}`,
    ...(states.size === 0 ? [] : [[...states].map(([state, number]) => `${number} ${state}`).join(", ")]),
    ...(hidden.length === 0
      ? []
      : [`${hidden.length} in packages that were only used to build: shown with --build-tools`]),
    ...(unrated === 0 ? [] : [`${unrated} that nobody has rated: only --fail-on any counts them`]),
    ...(vex === undefined ? [] : [`${printable(vex.path)}: ${count(vex.statements, "statement")}`]),
    ...(unused.length === 0
      ? []
      : [`statements about nothing that was found: ${unused.map(printable).join(", ")}`]),
    ...database.unreadable
      .slice(0, 5)
      .map(({ record, reason }) => `not read: ${printable(record)}: ${printable(reason)}`),
    ...(database.unreadable.length > 5 ? [`not read: ${database.unreadable.length - 5} more`] : []),
    "others to ask, with the same SBOM:",
    `  grype sbom:${shellQuote(printable(sbom.path))}`,
    `  osv-scanner scan source --sbom ${shellQuote(printable(sbom.path))}`,
  ].join("\n");
}

function describeSeverity({ severity }: Finding): string {
  return severity.score === undefined ? severity.level : `${severity.level} ${severity.score.toFixed(1)}`;
}
