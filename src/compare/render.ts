import type { Paint } from "../report/palette.ts";
import { renderTable } from "../report/table.ts";
import { truncate } from "../report/text-width.ts";
import { printable } from "../text/printable.ts";
import type { Comparison } from "./comparison.ts";
import { type ReportSection, sectionsOf } from "./sections.ts";

const cellColumns = 60;

/** Rows beyond which a pull request shows a table only on request. */
const foldedFrom = 20;

/** What differs, as tables for a terminal. */
export function renderComparison(comparison: Comparison, paint: Paint): string {
  const sections = sectionsOf(comparison);
  if (sections.length === 0) return sameness(comparison);
  return sections
    .map(({ title, columns, rows, note }) =>
      [
        paint("cyan", title),
        ...(rows.length === 0
          ? []
          : [
              renderTable(
                columns,
                rows.map((row) => row.map((cell) => truncate(cell, cellColumns))),
                paint,
              ),
            ]),
        ...(note === undefined ? [] : [note]),
      ].join("\n"),
    )
    .join("\n\n");
}

/** What differs, as Markdown (GitHub's) for a pull request. */
export function renderMarkdown(comparison: Comparison): string {
  const { before, after } = comparison;
  const sections = sectionsOf(comparison);
  return [
    `## ${plain(printable(before))} → ${plain(printable(after))}`,
    ...(sections.length === 0 ? [sameness(comparison)] : sections.map(markdownSection)),
  ].join("\n\n");
}

function markdownSection({ title, columns, rows, note }: ReportSection): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const table =
    rows.length === 0
      ? []
      : [
          [
            line(columns.map((column) => plain(column.title))),
            line(columns.map(({ align }) => (align === "right" ? "--:" : "---"))),
            ...rows.map((row) => line(row.map(plain))),
          ].join("\n"),
        ];
  const parts = [...table, ...(note === undefined ? [] : [plain(note)])];
  if (rows.length <= foldedFrom) return [`### ${plain(title)}`, ...parts].join("\n\n");
  return [
    `### ${plain(title)}`,
    `<details><summary>${rows.length} differences</summary>`,
    ...parts,
    "</details>",
  ].join("\n\n");
}

/** Text that Markdown takes as nothing but text: no markup, no HTML, and nobody is called by an @. */
function plain(text: string): string {
  return text.replace(/[&<>@]|[\\`*_{}[\]|#~]/g, (sign) =>
    /[&<>@]/.test(sign) ? `&#${sign.codePointAt(0) ?? 0};` : `\\${sign}`,
  );
}

function sameness({ equal }: Comparison): string {
  return equal ? "no difference" : "no difference in what is compared, though the manifests differ";
}
