import { failed, ok, type Result } from "../failure/result.ts";
import { variationNames, type Choice, type VariationName } from "./variation.ts";

const groups = ["all", "inside-fixed"] as const;

/**
 * Reads --vary, as reprotest's: changes to "all", from left to right, as in "-all,+time" or "-num_cpus,+inside-fixed".
 * Failure: NVLAB_USAGE.
 */
export function parseVary(texts: readonly string[]): Result<Choice> {
  const names = new Set<VariationName>(variationNames);
  let insideFixed = false;
  const words = texts.flatMap((text) => text.split(",")).map((word) => word.trim());
  for (const word of words.filter((one) => one !== "")) {
    const [, sign = "+", name = ""] = /^([+-]?)(.*)$/s.exec(word) ?? [];
    const adds = sign !== "-";
    if (name === "inside-fixed") insideFixed = adds;
    else if (name === "all") changeAll(names, adds);
    else if (isVariation(name)) change(names, name, adds);
    else return unknown(word);
  }
  return ok({ names, insideFixed });
}

function changeAll(names: Set<VariationName>, adds: boolean): void {
  for (const name of variationNames) change(names, name, adds);
}

function change(names: Set<VariationName>, name: VariationName, adds: boolean): void {
  if (adds) names.add(name);
  else names.delete(name);
}

function isVariation(name: string): name is VariationName {
  return variationNames.some((known) => known === name);
}

function unknown(word: string): Result<never> {
  return failed({
    code: "NVLAB_USAGE",
    message: `--vary: ${JSON.stringify(word)} is no variation`,
    hint: `as in --vary +all,-time; there are ${[...groups, ...variationNames].join(", ")}`,
  });
}
