import type { Failure, Position } from "../failure/failure.ts";
import type { Paint } from "./palette.ts";
import { textWidth } from "./text-width.ts";

/** The text of a file that a failure points into; undefined where it can't be read. */
export type ReadSource = (file: string) => string | undefined;

/** How every failure looks, wherever it comes from: one place, so that people learn to read it once. */
export function renderFailure(failure: Failure, paint: Paint, readSource: ReadSource): string {
  const lines = [`${paint("red", "error")} ${paint("bold", failure.code)}: ${failure.message}`];
  if (failure.at !== undefined) lines.push(...renderPosition(failure.at, paint, readSource));
  for (const detail of failure.details ?? []) lines.push(`  ${paint("dim", "|")} ${detail}`);
  if (failure.hint !== undefined) {
    const [first = "", ...rest] = failure.hint.split("\n");
    lines.push(`  ${paint("cyan", "hint:")} ${first}`, ...rest.map((line) => `        ${line}`));
  }
  return lines.join("\n");
}

export function renderFailures(failures: readonly Failure[], paint: Paint, readSource: ReadSource): string {
  return failures.map((failure) => renderFailure(failure, paint, readSource)).join("\n\n");
}

function renderPosition(at: Position, paint: Paint, readSource: ReadSource): string[] {
  const place = `  at ${at.file}:${String(at.line)}:${String(at.column)}`;
  const source = readSource(at.file)?.split(/\r?\n/)[at.line - 1];
  if (source === undefined || source.trim() === "") return [place];
  const number = String(at.line);
  const margin = " ".repeat(number.length);
  // Tabs stay tabs, so that the caret stands below its character whatever their width.
  const before = source.slice(0, at.column - 1);
  const space = before.includes("\t") ? before.replace(/[^\t]/g, " ") : " ".repeat(textWidth(before));
  return [
    place,
    `    ${paint("dim", `${number} |`)} ${source}`,
    `    ${paint("dim", `${margin} |`)} ${space}${paint("red", "^")}`,
  ];
}
