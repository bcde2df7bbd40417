import type { Change } from "./comparison.ts";

/** The entries of two maps whose values differ, by name. */
export function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Change[] {
  return namesOf(before, after).flatMap((name) => {
    const [left, right] = [before.get(name), after.get(name)];
    return left === right ? [] : [{ name, before: left, after: right }];
  });
}

/** Every name of either map, sorted by code units. */
export function namesOf(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort();
}
