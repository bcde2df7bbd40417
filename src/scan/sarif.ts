import type { Finding } from "./finding.ts";
import type { ScanReport } from "./scan-release.ts";
import type { SeverityLevel } from "./severity-level.ts";

/** How loudly code scanning shows a finding (SARIF 2.1.0, section 3.27.10). */
const levels: Readonly<Record<SeverityLevel, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  none: "note",
  unknown: "warning",
};

/** Where GitHub's code scanning puts a rule that has only a word for its severity. */
const scores: Readonly<Record<SeverityLevel, string>> = {
  critical: "9.0",
  high: "7.0",
  medium: "4.0",
  low: "0.1",
  none: "0.0",
  unknown: "4.0",
};

/**
 * The findings as SARIF 2.1.0 (OASIS). Each vulnerability is a rule, each finding a result at the component's place in
 * the SBOM; what does not matter is there as suppressed, with the reason.
 * @param sbom text of the SBOM @param uri the SBOM as the reader of the log finds it
 */
export function renderSarif(report: ScanReport, sbom: string, uri: string, version: string): string {
  const rules = [...new Map(report.findings.map((finding) => [finding.id, finding])).values()];
  const index = new Map(rules.map(({ id }, position) => [id, position]));
  const lines = linesOfRefs(sbom);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "nvlab scan", version, rules: rules.map(rule) } },
        results: report.findings.map((finding) =>
          result(finding, index.get(finding.id) ?? 0, lines.get(finding.component.ref) ?? 1, uri),
        ),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function rule({ id, summary, url, severity, aliases }: Finding) {
  return {
    id,
    shortDescription: { text: summary === "" ? id : summary },
    ...(url !== undefined && URL.canParse(url) ? { helpUri: url } : {}),
    properties: {
      "security-severity": severity.score?.toFixed(1) ?? scores[severity.level],
      tags: ["security", ...aliases],
    },
  };
}

function result(finding: Finding, ruleIndex: number, startLine: number, uri: string) {
  const { id, component, severity, state, reason, fixed } = finding;
  const named = `${component.name} ${component.version ?? ""}`.trim();
  const mended = fixed === undefined ? "" : `, fixed in ${fixed}`;
  const told = reason === undefined ? "" : ` (${reason})`;
  return {
    ruleId: id,
    ruleIndex,
    level: levels[severity.level],
    message: { text: `${id} in ${named}: ${state}${told}${mended}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region: { startLine } },
        logicalLocations: [{ name: component.name, fullyQualifiedName: component.purl ?? component.ref }],
      },
    ],
    partialFingerprints: { "nvlab/component": `${id} ${component.purl ?? component.ref}` },
    ...suppressed(finding),
  };
}

function suppressed({ state, reason }: Finding) {
  if (state === "affected" || state === "undecided") return { suppressions: [] };
  const status = state === "under-investigation" ? "underReview" : "accepted";
  return {
    suppressions: [{ kind: "external", status, ...(reason === undefined ? {} : { justification: reason }) }],
  };
}

/** Line, counted from 1, on which each bom-ref or package URL of a JSON text first stands. */
function linesOfRefs(sbom: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of sbom.split("\n").entries()) {
    for (const [, written] of line.matchAll(/"(?:bom-ref|purl)"\s*:\s*("(?:[^"\\]|\\.)*")/g)) {
      const ref: unknown = JSON.parse(written ?? '""');
      if (typeof ref === "string" && !lines.has(ref)) lines.set(ref, index + 1);
    }
  }
  return lines;
}
