import { variationNames, type VariationName } from "./variation.ts";

/** What a probe saw of each condition, as text that only this program compares. */
export type Observation = Readonly<Partial<Record<VariationName, string>>>;

/** Clocks of two probes in one run are apart by minutes; faked ones by months. */
const hoursApart = 24;

/** Whether two probes saw a condition differ. What one of them could not see did not. */
export function differs(name: VariationName, one: Observation, other: Observation): boolean {
  const [a, b] = [one[name], other[name]];
  if (a === undefined || b === undefined || a === "" || b === "") return false;
  if (name === "time") return Math.abs(Number(a) - Number(b)) > hoursApart * 3600;
  return a !== b;
}

/** Reads what the probe in the sandbox printed: NAME=VALUE, a line each. */
export function parseObservation(text: string): Observation {
  const seen: Partial<Record<VariationName, string>> = {};
  for (const line of text.split("\n")) {
    const [, key, value = ""] = /^([a-z_]+)=(.*)$/.exec(line) ?? [];
    const name = variationNames.find((one) => one === key);
    if (name !== undefined) seen[name] = value.trim();
  }
  return seen;
}

const longest = 32;

/** As a person reads it; of what is long the end, where paths differ, and how long it is. */
export function shownValue(name: VariationName, value: string): string {
  if (name === "time") return new Date(Number(value) * 1000).toISOString().slice(0, 10);
  if (name === "environment") return `${String(value.split(" ").length)} variables`;
  if (value.length <= longest) return value;
  return `…${value.slice(-longest)} (${String(value.length)} characters)`;
}
