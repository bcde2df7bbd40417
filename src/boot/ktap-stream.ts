import { stripVTControlCharacters } from "node:util";
import type { ConsoleLine } from "./ktap.ts";

export interface StreamLine {
  readonly indent: number;
  /** Without indentation. */
  readonly text: string;
  readonly at?: number;
}

/** A message of the kernel's log, by its time stamp; a caller id may stand beside it. */
const logPrefix = /^(?:<\d+>)?\[\s*\d+\.\d{6}\](?:\[\s*[TC]\d+\])? ?/;
const logWithin = /\[\s*\d+\.\d{6}\](?:\[\s*[TC]\d+\])? .*$/;

/**
 * The lines from the first version line on. Where the kernel itself reports (KUnit), that is its log and
 * everything else is passed over; where a program does, the kernel's log is what is passed over.
 */
export function selectStream(lines: readonly ConsoleLine[]): StreamLine[] {
  const first = lines.findIndex(({ text }) =>
    /^K?TAP version \d+$/.test(clean(text).replace(logPrefix, "").trim()),
  );
  if (first === -1) return [];
  const fromKernel = logPrefix.test(clean(lines[first]?.text ?? ""));
  const base = /^ */.exec(clean(lines[first]?.text ?? "").replace(logPrefix, ""))?.[0].length ?? 0;
  return lines.slice(first).flatMap((line): StreamLine[] => {
    const text = clean(line.text);
    if (fromKernel !== logPrefix.test(text)) return [];
    const said = (fromKernel ? text.replace(logPrefix, "") : text.replace(logWithin, "")).trimEnd();
    const body = said.trimStart();
    const indent = Math.max(0, said.length - body.length - base);
    return [{ indent, text: body, ...(line.at === undefined ? {} : { at: line.at }) }];
  });
}

/** Without terminal control sequences and carriage returns. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r", "");
}
