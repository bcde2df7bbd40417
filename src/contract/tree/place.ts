import { cell, cells, strings, unitAddress, type TreeNode } from "../../device-tree/node.ts";
import { nvlinkFusion } from "../generated.ts";
import { breach, hex, type Breach } from "./breach.ts";

const { compatible, pci, registerFileBytes, enumerations } = nvlinkFusion;

/** What the node says of where the controller is: a function of a PCI bus, or registers in memory. */
export function checkPlace(node: TreeNode): Breach[] {
  return [
    ...(isFunction(node) ? checkFunction(node) : checkDevice(node)),
    ...checkInterrupts(node),
    ...(["#address-cells", "#size-cells"] as const).flatMap((name) => {
      const wanted = name === "#address-cells" ? 1 : 0;
      const found = cell(node, name);
      return found === undefined || found === wanted
        ? []
        : [breach(node, name, `is ${found}`, `links have a number and no size: ${name} = <${wanted}>;`)];
    }),
  ];
}

/** Addresses of three cells are those of a PCI bus. */
function isFunction({ parent }: TreeNode): boolean {
  return parent !== undefined && cell(parent, "#address-cells") === 3;
}

const identity = `pci${pci.vendor.toString(16)},${pci.device.toString(16)}`;

function checkFunction(node: TreeNode): Breach[] {
  const breaches: Breach[] = [];
  const names = strings(node, "compatible") ?? [];
  if (names.length < 2 || names.at(-1) !== compatible || !names.includes(identity))
    breaches.push(
      breach(
        node,
        "compatible",
        `is ${quoted(names)}`,
        `a PCI function has compatible = "${identity}", "${compatible}";`,
      ),
    );
  const reg = cells(node, "reg");
  if (reg === undefined) return breaches;
  const [address = 0, ...rest] = reg;
  if (reg.length !== 5 || rest.some((value) => value !== 0) || (address & ~0xff00) !== 0) {
    breaches.push(
      breach(
        node,
        "reg",
        "is no configuration address",
        "a function of bus 0 has reg = <(device << 11 | function << 8) 0 0 0 0>;",
      ),
    );
    return breaches;
  }
  const [device, number] = [(address >> 11).toString(16), ((address >> 8) & 7).toString(16)];
  const allowed = number === "0" ? [device, `${device},0`] : [`${device},${number}`];
  if (!allowed.includes(unitAddress(node) ?? ""))
    breaches.push(
      breach(
        node,
        "reg",
        `is ${hex(address)}, and the node is called ${node.name}`,
        `that function is @${device},${number}`,
      ),
    );
  return breaches;
}

function checkDevice(node: TreeNode): Breach[] {
  const breaches: Breach[] = [];
  const names = strings(node, "compatible") ?? [];
  if (names.at(-1) !== compatible)
    breaches.push(breach(node, "compatible", `is ${quoted(names)}`, `it ends in "${compatible}"`));
  const reg = cells(node, "reg");
  const wide = node.parent ? (cell(node.parent, "#address-cells") ?? 2) : 2;
  const long = node.parent ? (cell(node.parent, "#size-cells") ?? 1) : 1;
  if (reg === undefined) return breaches;
  const size = reg.slice(wide).reduce((sum, part) => sum * 2 ** 32 + part, 0);
  if (reg.length !== wide + long || size < registerFileBytes)
    breaches.push(
      breach(
        node,
        "reg",
        "does not hold the register file",
        `it is one address and a size of at least ${hex(registerFileBytes)} bytes`,
      ),
    );
  return breaches;
}

/** One for all causes, or one for each: anything between would leave the driver guessing. */
function checkInterrupts(node: TreeNode): Breach[] {
  const value = cells(node, "interrupts");
  const each = interruptCells(node);
  if (value === undefined || each === undefined) return [];
  const causes = Object.keys(enumerations.cause).length;
  const count = value.length / each;
  if (count === 1 || count === causes) return [];
  const order = Object.keys(enumerations.cause).join(", ").toLowerCase();
  return [
    breach(
      node,
      "interrupts",
      `names ${count} interrupts`,
      `name one for all causes, or one each for ${order}`,
    ),
  ];
}

/** #interrupt-cells of the interrupt parent, which is inherited; nothing where the tree does not tell. */
function interruptCells(node: TreeNode): number | undefined {
  let root = node;
  while (root.parent) root = root.parent;
  const seen = new Set<TreeNode>();
  for (let at: TreeNode | undefined = node; at && !seen.has(at);) {
    seen.add(at);
    const phandle = cell(at, "interrupt-parent");
    at = phandle === undefined ? at.parent : find(root, (one) => cell(one, "phandle") === phandle);
    const count = at && cell(at, "#interrupt-cells");
    if (count !== undefined && count > 0) return count;
  }
  return undefined;
}

function find(node: TreeNode, wanted: (node: TreeNode) => boolean): TreeNode | undefined {
  if (wanted(node)) return node;
  for (const child of node.children) {
    const found = find(child, wanted);
    if (found) return found;
  }
  return undefined;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
