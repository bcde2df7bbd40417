import { failed, type Result } from "../failure/result.ts";
import { positionOf, type Located } from "../recipe/located.ts";
import { parseYaml } from "../recipe/parse-yaml.ts";
import { checkNames } from "./check/names.ts";
import { checkRegisters } from "./check/registers.ts";
import { checkStructures } from "./check/structures.ts";
import { checkTransitions } from "./check/transitions.ts";
import { Contract } from "./schema.ts";

const checks = [checkNames, checkRegisters, checkStructures, checkTransitions];

/** Reads a contract from YAML; all that its schema refuses, or else all that does not agree in it, with places. */
export function parseContract(file: string, text: string): Result<Located<Contract>> {
  const parsed = parseYaml(file, text, Contract, "NVLAB_CONTRACT");
  if (!parsed.ok) return parsed;
  const faults = checks.flatMap((check) => check(parsed.value.value));
  if (faults.length === 0) return parsed;
  return failed(
    ...faults.map(({ path, message }) => ({
      code: "NVLAB_CONTRACT" as const,
      message,
      at: positionOf(parsed.value, path),
    })),
  );
}
