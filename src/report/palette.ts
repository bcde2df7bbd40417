const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

/** Gives text a colour, or leaves it as it is. */
export type Paint = (colour: keyof typeof codes, text: string) => string;

export const colourful: Paint = (colour, text) => `\x1b[${String(codes[colour])}m${text}\x1b[0m`;

export const colourless: Paint = (_colour, text) => text;

/** Colours for a stream: on a terminal, unless --no-color or NO_COLOR (https://no-color.org) forbid them. */
export function choosePaint(terminal: boolean, noColor: string | undefined, option: boolean): Paint {
  const forbidden = !option || (noColor !== undefined && noColor !== "");
  return terminal && !forbidden ? colourful : colourless;
}
