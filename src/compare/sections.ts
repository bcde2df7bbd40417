import { printable } from "../text/printable.ts";
import type { Change, Comparison, ComponentChange, ProgramSizes, SizeChange } from "./comparison.ts";
import { growth } from "./symbols.ts";

/** A part of the report: a table with a title, whoever renders it. */
export interface ReportSection {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align?: "right" }[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
}

const values = [{ title: "before" }, { title: "after" }];
const sizes = [
  { title: "before", align: "right" },
  { title: "after", align: "right" },
  { title: "difference", align: "right" },
] as const;

/** The parts of a comparison that have something in them, in the order in which a person asks. */
export function sectionsOf(comparison: Comparison): ReportSection[] {
  const { release, components, configs, toolchain, deviceTrees, sbom, vulnerabilities } = comparison;
  const sections: ReportSection[] = [
    { title: "Release", columns: [{ title: "what" }, ...values], rows: release.map(changeRow) },
    {
      title: "Components",
      columns: [{ title: "component" }, { title: "what" }, ...values],
      rows: components.flatMap(componentRows),
    },
    {
      title: "Config options",
      columns: [{ title: "component" }, { title: "option" }, ...values],
      rows: configs.flatMap(({ component, added, removed, changed }) =>
        [...added, ...removed, ...changed]
          .sort((a, b) => (a.option < b.option ? -1 : 1))
          .map(({ option, before, after }) => [component, option, before ?? "", after ?? ""]),
      ),
    },
    { title: "Toolchain", columns: [{ title: "package" }, ...values], rows: toolchain.map(changeRow) },
    ...sizeSections(comparison),
    ...deviceTrees.map(({ tree, changes, renumbered }) => ({
      title: `Device tree ${tree}`,
      columns: [{ title: "node:property" }, ...values],
      rows: changes.map(changeRow),
      ...(renumbered === 0 ? {} : { note: `${renumbered} references name the same node by another number` }),
    })),
    { title: "SBOM", columns: [{ title: "component" }, ...values], rows: sbom.map(changeRow) },
    {
      title: "Known vulnerabilities",
      columns: [
        { title: "vulnerability" },
        { title: "severity" },
        { title: "component" },
        ...values,
        { title: "summary" },
      ],
      rows: vulnerabilities.map(({ id, severity, component, before, after, summary }) => [
        id,
        severity,
        component,
        before ?? "",
        after ?? "",
        summary,
      ]),
    },
    {
      title: "Not compared",
      columns: [{ title: "what" }, { title: "why" }],
      rows: comparison.leftOut.map(({ part, reason }) => [part, reason]),
    },
  ];
  return sections
    .filter(({ rows, note }) => rows.length > 0 || note !== undefined)
    .map((section) => ({ ...section, rows: section.rows.map((row) => row.map(printable)) }));
}

function changeRow({ name, before, after }: Change): string[] {
  return [name, short(before), short(after)];
}

/** A digest that is told whole tells a person no more than its beginning. */
function short(value: string | undefined): string {
  return (value ?? "").replace(/(sha\d+-[A-Za-z0-9+/]{12})[A-Za-z0-9+/]{20,}={0,2}(?: sha512-\S+)?/g, "$1…");
}

function componentRows({ component, change, fields, patches, overlay }: ComponentChange): string[][] {
  if (change !== "changed") {
    const version = fields.find(({ name }) => name === "version");
    return [[component, change, version?.before ?? "", version?.after ?? ""]];
  }
  const files = (what: string, changes: readonly Change[]): string[][] =>
    changes.map(({ name, before, after }) => [component, `${what} ${name}`, short(before), short(after)]);
  return [
    ...fields.map((field) => [component, ...changeRow(field)]),
    ...files("patch", patches),
    ...files("file", overlay),
  ];
}

function sizeSections({ size, artifacts, documents, programs }: Comparison): ReportSection[] {
  const total: SizeChange = { name: "total", ...size };
  return [
    {
      title: "Artifacts",
      columns: [{ title: "artifact" }, ...sizes],
      rows: artifacts.length === 0 ? [] : [...artifacts, total].map(sizeRow),
    },
    { title: "Documents", columns: [{ title: "document" }, ...sizes], rows: documents.map(sizeRow) },
    ...programs.flatMap(programSections),
  ];
}

function programSections({ program, sections, symbols }: ProgramSizes): ReportSection[] {
  const tables: ReportSection[] = [
    {
      title: `Sections of ${program}`,
      columns: [{ title: "section" }, ...sizes],
      rows: sections.map(sizeRow),
    },
  ];
  if (symbols !== undefined && symbols.largest.length > 0) {
    const { added, removed, growth: sum, from } = symbols;
    tables.push({
      title: `Symbols of ${program}`,
      columns: [{ title: "symbol" }, ...sizes],
      rows: symbols.largest.map(sizeRow),
      note: `${added} symbols added, ${removed} removed, ${signed(sum)} bytes in all (from the ${from})`,
    });
  }
  return tables;
}

function sizeRow(change: SizeChange): string[] {
  const { name, before, after } = change;
  const text = (bytes: number | undefined): string => (bytes === undefined ? "" : String(bytes));
  return [name, text(before), text(after), signed(growth(change))];
}

function signed(bytes: number): string {
  return bytes > 0 ? `+${bytes}` : String(bytes);
}
