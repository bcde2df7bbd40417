import type { Contract, Property } from "../schema.ts";
import { parseVersion } from "../version.ts";

/** What nvlab itself needs of a contract, as constants; `sha256` is the digest of the YAML file, hexadecimal. */
export function generateTypescript(contract: Contract, sha256: string): string {
  const tree = contract["device-tree"];
  const value = {
    name: contract.name,
    version: parseVersion(contract.version),
    sha256,
    compatible: tree.compatible,
    pci: { vendor: contract.pci.vendor, device: contract.pci.device },
    registerFileBytes: contract.pci.bars.find(({ bar }) => bar === 0)?.size ?? 0,
    properties: tree.properties.map(shortened),
    link: { node: tree.link.node, properties: tree.link.properties.map(shortened) },
    limits: numbers(contract.limits),
    timings: numbers(contract.timings),
    enumerations: Object.fromEntries(
      Object.entries(contract.enumerations).map(([name, { values }]) => [name, numbers(values)]),
    ),
    transitions: contract.transitions.map(({ from, to }) => ({ from, to })),
  };
  return `/** Generated from contract/nvlink-fusion.yaml by \`npm run contract\`; do not edit. */
export const nvlinkFusion = ${JSON.stringify(value, null, 2)} as const;
`;
}

function shortened({ name, type, items, values, required }: Property): Omit<Property, "about"> {
  return {
    name,
    type,
    required,
    ...(items !== undefined && { items }),
    ...(values !== undefined && { values }),
  };
}

function numbers(list: readonly { readonly name: string; readonly value: number }[]): Record<string, number> {
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}
