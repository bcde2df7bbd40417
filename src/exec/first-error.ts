import { errorPatterns, lastResorts, likelyPatterns, noise } from "./first-error-patterns.ts";

/** The line of a log that says what went wrong. */
export interface FirstError {
  /** The line as printed, without terminal colours. */
  readonly line: string;
  /** Its number in the log, from 1. */
  readonly logLine: number;
  /** What the line says, without its place. */
  readonly message: string;
  /** As the tool named it: a path of the sandbox. */
  readonly file?: string;
  readonly lineNumber?: number;
  readonly column?: number;
}

/**
 * Finds the first real error of compilers, linkers, make, Kconfig, dtc, Python, patch and the shell in what a
 * step printed. A parallel make goes on for a while and ends in a cascade of `make[n]: *** … Error 1`: those are
 * passed over, unless nothing else explains the failure.
 */
export function findFirstError(lines: readonly string[]): FirstError | undefined {
  const plain = lines.map((line) => withoutColours(line));
  return (
    matches(plain, errorPatterns).next().value ??
    [...matches(plain, likelyPatterns)].at(-1) ??
    matches(plain, lastResorts).next().value
  );
}

function* matches(
  lines: readonly string[],
  patterns: readonly RegExp[],
): Generator<FirstError, undefined, undefined> {
  for (const [index, line] of lines.entries()) {
    if (noise.some((pattern) => pattern.test(line))) continue;
    const groups = firstGroups(line, patterns);
    if (groups !== undefined)
      yield isTraceback(line) ? traceback(lines, index) : toError(line, index, groups);
  }
  return undefined;
}

type Groups = Readonly<Record<string, string>>;

function firstGroups(line: string, patterns: readonly RegExp[]): Groups | undefined {
  for (const pattern of patterns) {
    const groups = pattern.exec(line)?.groups;
    if (groups !== undefined) return groups;
  }
  return undefined;
}

const shell = /^(?:\S*\/)?(?:ba|da)?sh$/;

function toError(line: string, index: number, groups: Groups): FirstError {
  const { line: lineNumber, column, message = line } = groups;
  const file = shell.test(groups.file ?? "") ? undefined : groups.file;
  return {
    line,
    logLine: index + 1,
    message: message.trim(),
    ...(file === undefined ? {} : { file }),
    ...(file === undefined || lineNumber === undefined ? {} : { lineNumber: Number(lineNumber) }),
    ...(file === undefined || column === undefined ? {} : { column: Number(column) }),
  };
}

function isTraceback(line: string): boolean {
  return line.startsWith("Traceback (most recent call last)");
}

/** Python says what happened after the stack, whose last frame is the nearest. */
function traceback(lines: readonly string[], start: number): FirstError {
  let place: Groups = {};
  for (const [offset, line] of lines.slice(start + 1).entries()) {
    const frame = /^ +File "(?<file>[^"]+)", line (?<line>\d+)/.exec(line)?.groups;
    if (frame !== undefined) place = frame;
    else if (/^\S/.test(line)) return toError(line, start + 1 + offset, { ...place, message: line });
  }
  return toError(lines[start] ?? "", start, place);
}

function withoutColours(line: string): string {
  return line.includes(escape) ? line.replaceAll(colour, "") : line;
}

const escape = "\u001b";
const colour = new RegExp(`${escape}\\[[0-9;]*[A-Za-z]`, "g");
