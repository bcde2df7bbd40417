import type { Position } from "../failure/failure.ts";

/** Line, column, and the file where it is not that of the document: it was merged from several. */
export type Place = readonly [line: number, column: number, file?: string];

/** A checked YAML document that still knows where each value was written. Plain data: it can be cached. */
export interface Located<T> {
  /** As people know it: relative to the project where it lies inside. */
  readonly file: string;
  readonly value: T;
  /** [line, column] by path, as in "steps/0/run"; keys with a slash have it doubled. */
  readonly positions: Readonly<Record<string, Place>>;
}

export type DataPath = readonly (string | number)[];

export function pathKey(path: DataPath): string {
  return path.map((part) => String(part).replaceAll("/", "//")).join("/");
}

/** Position of a value, or of the nearest value around it that the file has. */
export function positionOf(document: Located<unknown>, path: DataPath): Position {
  for (let depth = path.length; depth >= 0; depth--) {
    const found = document.positions[pathKey(path.slice(0, depth))];
    if (found) return { file: found[2] ?? document.file, line: found[0], column: found[1] };
  }
  return { file: document.file, line: 1, column: 1 };
}
