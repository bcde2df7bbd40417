import { parseDotConfig } from "./dot-config.ts";
import { dotConfigLine } from "./fragment.ts";

/** An option whose value differs; a side is undefined where the .config does not mention the option. */
export interface OptionChange {
  readonly option: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface ConfigDiff {
  /** Only in the second, and not "n" there. */
  readonly added: readonly OptionChange[];
  /** Set in the first, absent or "n" in the second. */
  readonly removed: readonly OptionChange[];
  readonly changed: readonly OptionChange[];
}

const isOff = (value: string | undefined): boolean => value === undefined || value === "n";

/** What differs between two .config texts, by option, sorted by name. Absent and "is not set" are the same. */
export function diffConfigs(before: string, after: string): ConfigDiff {
  const left = parseDotConfig(before);
  const right = parseDotConfig(after);
  const changes = [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .map((option) => ({ option, before: left.get(option), after: right.get(option) }))
    .filter((change) => change.before !== change.after && !(isOff(change.before) && isOff(change.after)));
  return {
    added: changes.filter((change) => isOff(change.before)),
    removed: changes.filter((change) => !isOff(change.before) && isOff(change.after)),
    changed: changes.filter((change) => !isOff(change.before) && !isOff(change.after)),
  };
}

/**
 * The fragment that turns the first .config into the second: what `config --menuconfig` offers to write back.
 * An option that only went out of sight keeps no line of its own unless it was switched off.
 */
export function asFragment(before: string, after: string): string {
  const mentioned = parseDotConfig(after);
  const { added, removed, changed } = diffConfigs(before, after);
  const lines = [...added, ...removed, ...changed]
    .filter((change) => mentioned.has(change.option))
    .map((change) => dotConfigLine(change.option, change.after ?? "n"))
    .sort((a, b) => (optionName(a) < optionName(b) ? -1 : 1));
  return lines.map((line) => `${line}\n`).join("");
}

function optionName(line: string): string {
  return line.replace(/^# /, "");
}
