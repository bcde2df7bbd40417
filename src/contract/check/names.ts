import type { Contract, Property } from "../schema.ts";
import { repeated, type ContractFault } from "./fault.ts";

interface Named {
  readonly name: string;
  readonly value: number;
}

/** Names and numbers that are given twice where each may be given once, and properties that cannot be. */
export function checkNames(contract: Contract): ContractFault[] {
  const tree = contract["device-tree"];
  return [
    ...(["limits", "flags", "timings"] as const).flatMap((list) => sameName(contract[list], [list])),
    ...Object.entries(contract.enumerations).flatMap(([name, { values }]) => [
      ...sameName(values, ["enumerations", name, "values"]),
      ...sameValue(values, ["enumerations", name, "values"]),
    ]),
    ...sameName(contract.blocks, ["blocks"]),
    ...sameName(contract.structures, ["structures"]),
    ...repeated(
      contract.pci.bars,
      ({ bar }) => bar,
      ({ bar }, index) => ({ path: ["pci", "bars", index, "bar"], message: `BAR ${bar} is described twice` }),
    ),
    ...checkProperties(tree.properties, ["device-tree", "properties"]),
    ...checkProperties(tree.link.properties, ["device-tree", "link", "properties"]),
  ];
}

function sameName(items: readonly { readonly name: string }[], base: readonly string[]): ContractFault[] {
  return repeated(
    items,
    ({ name }) => name,
    ({ name }, index) => ({ path: [...base, index, "name"], message: `${name} is defined twice` }),
  );
}

function sameValue(items: readonly Named[], base: readonly string[]): ContractFault[] {
  return repeated(
    items,
    ({ value }) => value,
    ({ name, value }, index, earlier) => ({
      path: [...base, index, "value"],
      message: `${name} has the value ${value} of ${earlier.name}`,
    }),
  );
}

function checkProperties(properties: readonly Property[], base: readonly string[]): ContractFault[] {
  const faults = properties.flatMap(({ name, type, items, values }, index): ContractFault[] => {
    const path = [...base, index];
    const counted = type === "uint32-array" || type === "uint64-matrix";
    return [
      ...(counted && items === undefined ? [{ path, message: `${name} does not say how many items` }] : []),
      ...(!counted && items !== undefined
        ? [{ path: [...path, "items"], message: `${name} is a ${type}, which has no items` }]
        : []),
      ...(type !== "string" && values !== undefined
        ? [{ path: [...path, "values"], message: `${name} is a ${type}, and only a string has values` }]
        : []),
    ];
  });
  return [...sameName(properties, base), ...faults];
}
