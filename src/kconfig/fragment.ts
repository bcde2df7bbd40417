import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { RequestedOption } from "../plan/node.ts";

const assignment = /^(CONFIG_[A-Za-z0-9_]+)=(.*)$/;
const unset = /^# (CONFIG_[A-Za-z0-9_]+) is not set$/;
const value = /^(?:[ymn]|-?[0-9]+|0[xX][0-9a-fA-F]+|"(?:[^"\\]|\\.)*")$/;

/** A line that Kconfig would pass over in silence although it was meant as a request. */
const misspelt: readonly { pattern: RegExp; hint: string }[] = [
  {
    pattern: /^\s*#\s*CONFIG_[A-Za-z0-9_]+ is not set\s*$/,
    hint: "write it exactly as: # CONFIG_NAME is not set",
  },
  { pattern: /^\s+CONFIG_/, hint: "remove the space before CONFIG_: Kconfig ignores such a line" },
  { pattern: /^CONFIG_[A-Za-z0-9_]+\s+=|^CONFIG_[A-Za-z0-9_]+=\s/, hint: "remove the spaces around '='" },
  { pattern: /^CONFIG_[A-Za-z0-9_]+=.*\S\s+$/, hint: "remove the spaces at the end of the line" },
  { pattern: /^CONFIG_[A-Za-z0-9_]+=(?:yes|Y|no|N|M|true|false)$/, hint: "a tristate is y, m or n" },
];

const usual = "a line is CONFIG_NAME=value, # CONFIG_NAME is not set, a comment or empty";

/** What a line of a fragment asks for; undefined for comments and empty lines; a message where it is wrong. */
function readLine(text: string): { option: string; value: string } | { hint: string } | undefined {
  const off = unset.exec(text);
  if (off?.[1] !== undefined) return { option: off[1], value: "n" };
  const set = assignment.exec(text);
  if (set?.[1] !== undefined && set[2] !== undefined && value.test(set[2]))
    return { option: set[1], value: set[2] };
  const wrong = misspelt.find(({ pattern }) => pattern.test(text));
  if (wrong) return { hint: wrong.hint };
  if (set) return { hint: 'a value is y, m, n, a number (12, 0x80) or text in double quotes ("text")' };
  return text.trim() === "" || text.startsWith("#") ? undefined : { hint: usual };
}

/**
 * Reads a Kconfig fragment: the options it asks for, in order, with their lines. Every line that is neither
 * a request nor a comment, and every option asked for twice with different values, is a failure.
 */
export function parseFragment(file: string, text: string): Result<RequestedOption[]> {
  const options = new Map<string, RequestedOption>();
  const failures: Failure[] = [];
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const read = readLine(lineText);
    if (read === undefined) continue;
    const column = lineText.length - lineText.trimStart().length + 1;
    if ("hint" in read) {
      const message = `this line of ${file} is no Kconfig request: ${lineText.trim()}`;
      failures.push({ code: "NVLAB_RECIPE", message, at: { file, line, column }, hint: read.hint });
      continue;
    }
    const earlier = options.get(read.option);
    if (earlier === undefined) {
      options.set(read.option, { ...read, file, line });
    } else if (earlier.value !== read.value) {
      const message = `${read.option}=${read.value} contradicts ${read.option}=${earlier.value} in line ${earlier.line} of the same fragment`;
      failures.push({
        code: "NVLAB_RECIPE",
        message,
        at: { file, line, column },
        hint: "keep one of the two lines",
      });
    }
  }
  return failures.length > 0 ? failed(...failures) : ok([...options.values()]);
}

/**
 * What several fragments ask for together: a later one overrides an earlier one. In the order of the
 * winning lines, because in a Kconfig choice the last assignment wins.
 */
export function mergeRequested(fragments: readonly (readonly RequestedOption[])[]): RequestedOption[] {
  const merged = new Map<string, RequestedOption>();
  for (const option of fragments.flat()) {
    merged.delete(option.option);
    merged.set(option.option, option);
  }
  return [...merged.values()];
}

/** One option as a line of a .config. */
export function dotConfigLine(option: string, wanted: string): string {
  return wanted === "n" ? `# ${option} is not set` : `${option}=${wanted}`;
}
