import { count } from "../report/measure.ts";
import type { Paint } from "../report/palette.ts";
import { renderTable } from "../report/table.ts";
import { shown } from "./cause.ts";
import type { ExplainedDifference, ReproduceReport } from "./report.ts";
import { variationNames } from "./variation.ts";
import type { VariedPlace } from "./varied.ts";

/** The variations as a table, and each difference with all that is known of it. */
export function renderReproduced(report: ReproduceReport, paint: Paint): string {
  const cell = (places: readonly VariedPlace[], place: VariedPlace["place"]): string => {
    const found = places.find((one) => one.place === place);
    if (!found) return "";
    const word = { varied: "varied", "held-fixed": "held fixed", "not-varied": "not varied" }[found.state];
    return `${word}: ${shown(found.note)}`;
  };
  const rows = variationNames.map((name) => {
    const places = report.variations.filter((one) => one.name === name);
    return [name, cell(places, "outside"), cell(places, "inside")];
  });
  const table = renderTable(
    [{ title: "variation" }, { title: "outside the sandbox" }, { title: "inside" }],
    rows,
    paint,
  );
  return [table, ...report.differences.map((difference) => `\n${describe(difference, paint)}`)].join("\n");
}

function describe(difference: ExplainedDifference, paint: Paint): string {
  const { path, component, origins, sha256, causes, diffoscope } = difference;
  const began = origins.filter((origin) => origin !== component);
  const from = [
    ...(component === "" ? [] : [`made by ${shown(component)}`]),
    ...(began.length === 0 ? [] : [`began in ${began.map((origin) => shown(origin)).join(", ")}`]),
  ];
  return [
    `${paint("red", "differs")} ${shown(path)}${from.length === 0 ? "" : ` (${from.join("; ")})`}`,
    ...(component === ""
      ? []
      : [`  sha256 ${sha256.map((one) => one?.slice(0, 16) ?? "no such file").join(" and ")}`]),
    ...causes.flatMap(({ cause, found: [one, other], remedy }) => [
      `  likely ${cause}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`,
      `  ${paint("cyan", "hint:")} ${remedy}`,
    ]),
    ...diffoscope.map((line) => `  ${paint("dim", "│")} ${line}`),
  ].join("\n");
}

/** One sentence, and where the statement went. */
export function summarizeReproduced(report: ReproduceReport, statement: string | null): string {
  const { files, differences, compared, taken, variations } = report;
  const varied = new Set(variations.filter(({ state }) => state === "varied").map(({ name }) => name)).size;
  const [one, other] = compared;
  const verdict =
    differences.length === 0
      ? `${count(files, "file")} and the manifest are identical: ${one} and ${other}`
      : `${String(differences.length)} of ${count(files, "file")} differ between ${one} and ${other}`;
  return [
    `${verdict} (${count(varied, "variation")})`,
    ...(taken.length === 0 ? [] : [`taken from the store, not made anew: ${taken.join(", ")}`]),
    ...(statement === null ? [] : [`wrote ${statement}`]),
  ].join("\n");
}
