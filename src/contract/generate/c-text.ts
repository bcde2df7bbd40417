/** Lines of C in kernel style: tabs of eight columns, nothing past the column `width`. */
const width = 100;

export interface Define {
  /** With its parameters, as in NVLINK_REG_LINK_STATE(n). */
  readonly name: string;
  readonly value: string;
  readonly about?: string;
}

/** #define lines with their values in one column; what they are behind them, or above where there is no room. */
export function defines(rows: readonly Define[]): string[] {
  const column = Math.max(...rows.map(({ name }) => tabStop(`#define ${name}`.length)));
  const values = column + Math.max(...rows.map(({ value }) => tabStop(value.length)));
  return rows.flatMap(({ name, value, about }) => {
    const line = `${padded(`#define ${name}`, column)}${value}`;
    if (about === undefined) return [line];
    const behind = `/* ${about} */`;
    const start = column + value.length;
    return values + behind.length <= width
      ? [`${line}${tabs(start, values)}${behind}`]
      : [...comment(about), line];
  });
}

/** One line where it fits, else a block. */
export function comment(text: string): string[] {
  const line = `/* ${text} */`;
  if (line.length <= width) return [line];
  return ["/*", ...wrap(text, width - 3).map((part) => ` * ${part}`), " */"];
}

/** Greedy, at spaces. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function tabStop(column: number): number {
  return (Math.floor(column / 8) + 1) * 8;
}

function tabs(from: number, to: number): string {
  return "\t".repeat(Math.ceil(to / 8) - Math.floor(from / 8));
}

function padded(text: string, column: number): string {
  return `${text}${tabs(text.length, column)}`;
}
