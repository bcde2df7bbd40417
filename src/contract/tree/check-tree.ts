import { cells, nodesOf, strings, type TreeNode } from "../../device-tree/node.ts";
import { nvlinkFusion } from "../generated.ts";
import { commonVersion, formatVersion, type ContractVersion } from "../version.ts";
import { breach, type Breach } from "./breach.ts";
import { checkLinks } from "./links.ts";
import { checkPlace } from "./place.ts";
import { checkProperties } from "./properties.ts";
import { checkWindows } from "./windows.ts";

/** Counted up whenever a tree that was taken could be refused. */
export const treeCheckVersion = 1;

const states = ["okay", "ok", "disabled", "reserved", "fail"];

/** Nodes of NVLink Fusion controllers, disabled ones too. */
export function controllersOf(root: TreeNode): TreeNode[] {
  return [...nodesOf(root)].filter(
    (node) => strings(node, "compatible")?.includes(nvlinkFusion.compatible) === true,
  );
}

/** The contract's version that a controller's node promises. */
export function promisedVersion(controller: TreeNode): ContractVersion | undefined {
  const [major, minor, ...more] = cells(controller, "nvidia,contract") ?? [];
  return major === undefined || minor === undefined || more.length > 0 ? undefined : { major, minor };
}

/** Everything in which the nodes of controllers do not keep the contract. */
export function checkTree(root: TreeNode): Breach[] {
  return controllersOf(root).flatMap(checkController);
}

function checkController(node: TreeNode): Breach[] {
  const promised = promisedVersion(node);
  const common = promised && commonVersion(nvlinkFusion.version, promised);
  if (promised && !common) {
    const ours = formatVersion(nvlinkFusion.version);
    return [
      breach(
        node,
        "nvidia,contract",
        `is version ${formatVersion(promised)}, and this kernel and firmware are written for ${ours}`,
        `another major version means something else: keep to nvidia,contract = <${nvlinkFusion.version.major} N>;`,
      ),
    ];
  }
  const newer = promised !== undefined && promised.minor > nvlinkFusion.version.minor;
  const status = strings(node, "status")?.[0];
  return [
    ...checkProperties(node, nvlinkFusion.properties, newer),
    ...checkPlace(node),
    ...checkWindows(node),
    ...checkLinks(node, newer),
    ...(status === undefined || states.includes(status) || status.startsWith("fail-")
      ? []
      : [breach(node, "status", `is "${status}"`, 'write "okay" or "disabled"')]),
  ];
}
