import { differs, shownValue, type Observation } from "./observation.ts";
import {
  fixedInside,
  isChosen,
  variationNames,
  type Choice,
  type Place,
  type VariationName,
} from "./variation.ts";

/** What became of a variation at one place. */
export interface VariedPlace {
  readonly name: VariationName;
  readonly place: Place;
  readonly state: "varied" | "held-fixed" | "not-varied";
  /** How it was varied, or why it was not. */
  readonly note: string;
}

/** What probes saw outside and inside the sandbox. */
export interface Observations {
  readonly outside: Observation;
  readonly inside: Observation;
}

/**
 * The verdict on each variation: "varied" is only what probes at that place saw differ, whatever was asked for.
 * @param before of the build that is compared with @param after of the rebuild
 * @param reasons why something could not be done, as far as known
 */
export function judgeVariations(
  choice: Choice,
  before: Observations,
  after: Observations,
  reasons: Readonly<Partial<Record<VariationName, string>>> = {},
): VariedPlace[] {
  return variationNames.flatMap((name) =>
    (["outside", "inside"] as const).map((place): VariedPlace => {
      const [one, other] = [before[place], after[place]];
      const note = (): string => `${shownOf(name, one)} → ${shownOf(name, other)}`;
      if (differs(name, one, other)) return { name, place, state: "varied", note: note() };
      if (isChosen(choice, name, place))
        return { name, place, state: "not-varied", note: reasons[name] ?? sawNothing(name, one) };
      if (place === "inside" && fixedInside.has(name))
        return { name, place, state: "held-fixed", note: shownOf(name, one) };
      return { name, place, state: "not-varied", note: "left out by --vary" };
    }),
  );
}

function sawNothing(name: VariationName, seen: Observation): string {
  if (name === "num_cpus" && seen[name] === "1") return "this machine gives one CPU";
  return seen[name] === undefined
    ? "the probe saw nothing of it"
    : `the probe saw the same twice: ${shownOf(name, seen)}`;
}

function shownOf(name: VariationName, seen: Observation): string {
  return shownValue(name, seen[name] ?? "");
}

/** Variations that were asked for and did not come about. */
export function missedVariations(choice: Choice, places: readonly VariedPlace[]): VariedPlace[] {
  return places.filter(({ name, place, state }) => state === "not-varied" && isChosen(choice, name, place));
}
