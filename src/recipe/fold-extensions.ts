import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { known } from "./known.ts";
import { positionOf, type Located } from "./located.ts";

interface Named {
  readonly name: string;
}

interface Extending extends Named {
  readonly extends: string;
}

type Document<Whole extends Named, Extension extends Extending> = Located<Whole | Extension>;

/** How documents of one kind become what a project knows by their name. */
interface Kind<Whole extends Named, Extension extends Extending, Merged> {
  /** As in "components", for messages. */
  readonly plural: string;
  readonly begin: (whole: Located<Whole>) => Merged;
  readonly extend: (base: Merged, extension: Located<Extension>) => Merged;
}

/**
 * Applies extensions to what they extend, whatever the names of their files: a recipe and its variants stay alike.
 * `documents` come lowest layer first; a whole one hides those of the same name below it.
 */
export function foldExtensions<Whole extends Named, Extension extends Extending, Merged>(
  documents: readonly Document<Whole, Extension>[],
  { plural, begin, extend }: Kind<Whole, Extension, Merged>,
): Result<Map<string, Merged>> {
  const isExtension = (document: Document<Whole, Extension>): document is Located<Extension> =>
    "extends" in document.value;
  const isWhole = (document: Document<Whole, Extension>): document is Located<Whole> =>
    !isExtension(document);
  const byName = new Map<string, Document<Whole, Extension>[]>();
  for (const document of documents) {
    const { name } = document.value;
    byName.set(name, [...(byName.get(name) ?? []), document]);
  }
  const whole = documents.filter(isWhole).map(({ value }) => value.name);
  const merged = new Map<string, Merged>();
  const failures: Failure[] = [];
  const begun = new Set<string>();
  const finished = (name: string): Merged | undefined => {
    if (begun.has(name)) return merged.get(name);
    begun.add(name);
    let current: Merged | undefined;
    for (const document of byName.get(name) ?? []) {
      if (isWhole(document)) {
        current = begin(document);
        continue;
      }
      if (!isExtension(document)) continue;
      const from = document.value.extends;
      const base = from === name ? current : finished(from);
      if (base !== undefined) current = extend(base, document);
      else {
        failures.push({
          code: "NVLAB_RECIPE",
          message: `'${name}' extends '${from}', which no layer has`,
          at: positionOf(document, ["extends"]),
          hint: known(plural, whole),
        });
      }
    }
    if (current !== undefined) merged.set(name, current);
    return current;
  };
  for (const name of byName.keys()) finished(name);
  return failures.length > 0 ? failed(...failures) : ok(merged);
}
