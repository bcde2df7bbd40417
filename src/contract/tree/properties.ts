import { strings, type TreeNode } from "../../device-tree/node.ts";
import { nvlinkFusion } from "../generated.ts";
import type { Property } from "../schema.ts";
import { breach, type Breach } from "./breach.ts";

export type Described = Omit<Property, "about" | "values"> & { readonly values?: readonly string[] };

/** What the contract says of each property by itself: that it is there, its type, its values. */
export function checkProperties(node: TreeNode, described: readonly Described[], newer: boolean): Breach[] {
  const known = new Set(described.map(({ name }) => name));
  return [
    ...described.flatMap((property) => checkProperty(node, property)),
    // Firmware that keeps a later minor version may say more.
    ...[...node.properties.keys()]
      .filter((name) => name.startsWith("nvidia,") && !known.has(name) && !newer)
      .map((name) =>
        breach(
          node,
          name,
          "is no property of the contract",
          `correct its spelling: ${nvidia(described)} are known`,
        ),
      ),
  ];
}

function nvidia(described: readonly Described[]): string {
  return described
    .map(({ name }) => name)
    .filter((name) => name.startsWith("nvidia,"))
    .join(", ");
}

function checkProperty(node: TreeNode, property: Described): Breach[] {
  const { name, required, values } = property;
  const value = node.properties.get(name);
  if (value === undefined)
    return required ? [breach(node, name, "is missing", `add it: ${example(property)}`)] : [];
  if (!hasType(node, property, value.length))
    return [breach(node, name, `is no ${typeName(property)}`, `write it as in ${example(property)}`)];
  const text = strings(node, name)?.[0] ?? "";
  if (values !== undefined && !values.includes(text))
    return [breach(node, name, `is "${text}"`, `it has to be one of ${values.join(", ")}`)];
  return [];
}

function hasType(node: TreeNode, { name, type, items = 1 }: Described, bytes: number): boolean {
  switch (type) {
    case "flag":
      return bytes === 0;
    case "string":
      return strings(node, name)?.length === 1;
    case "string-array":
      return strings(node, name) !== undefined;
    case "uint32":
      return bytes === 4;
    case "uint32-array":
      return bytes === 4 * items;
    case "uint64-matrix":
      return bytes > 0 && bytes % (8 * items) === 0;
    case "reg":
    case "interrupts":
    case "phandle-array":
      return bytes > 0 && bytes % 4 === 0;
  }
}

function typeName({ type, items }: Described): string {
  return items === undefined ? type : `${type} of ${items}`;
}

const { major, minor } = nvlinkFusion.version;

/** How the properties of the contract are written. */
const examples: Readonly<Record<string, string>> = {
  compatible: `compatible = "${nvlinkFusion.compatible}";`,
  "nvidia,contract": `nvidia,contract = <${major} ${minor}>;`,
  "#address-cells": "#address-cells = <1>;",
  "#size-cells": "#size-cells = <0>;",
  "link-count": "link-count = <4>;",
  "dma-windows": "dma-windows = /bits/ 64 <0x0 0x100000000>;",
  "nvidia,lanes": "nvidia,lanes = <4>;",
  "nvidia,max-speed-kBps": "nvidia,max-speed-kBps = <25000000>;",
  "nvidia,peer": 'nvidia,peer = "gpu";',
  "nvidia,peer-index": "nvidia,peer-index = <0>;",
  status: 'status = "okay";',
  "dma-coherent": "dma-coherent;",
};

function example({ name }: Described): string {
  return examples[name] ?? `${name} = <…>;`;
}
