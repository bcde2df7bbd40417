import type { Paint } from "./palette.ts";
import { colourless } from "./palette.ts";
import { textWidth } from "./text-width.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/**
 * Aligned columns with a head line, two spaces apart, without trailing spaces and without an end of line behind
 * the last row. A cell may have several lines.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint = colourless,
): string {
  const head = columns.map((column) => column.title);
  const lines = [head, ...rows].map((row) => splitRow(row, columns.length));
  const widths = columns.map((_, index) =>
    Math.max(...lines.flat().map((cells) => textWidth(cells[index] ?? ""))),
  );
  return lines
    .flatMap((cellLines, row) =>
      cellLines.map((cells) => {
        const line = columns.map((column, index) => {
          const cell = cells[index] ?? "";
          const space = " ".repeat((widths[index] ?? 0) - textWidth(cell));
          return column.align === "right" ? space + cell : cell + space;
        });
        const text = line.join("  ").trimEnd();
        return row === 0 ? paint("bold", text) : text;
      }),
    )
    .join("\n");
}

/** The lines of text that one row takes, each with all its cells. */
function splitRow(row: readonly string[], columns: number): string[][] {
  const cells = Array.from({ length: columns }, (_, index) => (row[index] ?? "").split("\n"));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ""));
}
