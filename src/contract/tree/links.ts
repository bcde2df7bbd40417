import { cell, strings, unitAddress, type TreeNode } from "../../device-tree/node.ts";
import { nvlinkFusion } from "../generated.ts";
import { breach, hex, type Breach } from "./breach.ts";
import { checkProperties } from "./properties.ts";

const { limits, link } = nvlinkFusion;

/** The CAPS register of a link has eight bits for each of these. */
const mostLanes = 255;
const mostHosts = 256;

/** As many link nodes as link-count says, numbered from 0 without gaps, each as the contract describes it. */
export function checkLinks(controller: TreeNode, newer: boolean): Breach[] {
  const nodes = controller.children.filter(({ name }) => name.split("@")[0] === link.node);
  const others = controller.children.filter((child) => !nodes.includes(child));
  const count = cell(controller, "link-count");
  const breaches: Breach[] = [];
  if (count !== undefined && (count < 1 || count > limits.LINKS_MAX))
    breaches.push(
      breach(controller, "link-count", `is ${count}`, `a controller has 1 to ${limits.LINKS_MAX} links`),
    );
  if (count !== undefined && count !== nodes.length)
    breaches.push(
      breach(
        controller,
        "link-count",
        `is ${count}, and there are ${nodes.length} ${link.node} nodes`,
        `describe each link in a node ${link.node}@N, or correct the count`,
      ),
    );
  for (const other of newer ? [] : others)
    breaches.push({
      node: other.path,
      message: "is no node of the contract",
      hint: `below a controller are only ${link.node}@N nodes`,
    });
  const numbers = new Map<number, TreeNode>();
  for (const node of nodes) {
    breaches.push(...checkLink(node, newer));
    const number = cell(node, "reg");
    if (number === undefined) continue;
    const earlier = numbers.get(number);
    if (earlier)
      breaches.push(
        breach(node, "reg", `is ${number}, as that of ${earlier.name} is`, "give each link its own number"),
      );
    else if (count === nodes.length && number >= count)
      breaches.push(
        breach(node, "reg", `is ${number}, and link-count is ${count}`, "links are numbered from 0"),
      );
    numbers.set(number, node);
  }
  return breaches;
}

function checkLink(node: TreeNode, newer: boolean): Breach[] {
  const breaches = checkProperties(node, link.properties, newer);
  const number = cell(node, "reg");
  const address = unitAddress(node);
  if (number !== undefined && address !== number.toString(16))
    breaches.push(
      breach(
        node,
        "reg",
        `is ${number}, and the node is called ${node.name}`,
        `call it ${link.node}@${number.toString(16)}`,
      ),
    );
  const lanes = cell(node, "nvidia,lanes");
  if (lanes !== undefined && (lanes < 1 || lanes > mostLanes))
    breaches.push(breach(node, "nvidia,lanes", `is ${lanes}`, `a link has 1 to ${mostLanes} lanes`));
  const speed = cell(node, "nvidia,max-speed-kBps");
  if (speed !== undefined && speed < 1000)
    breaches.push(
      breach(
        node,
        "nvidia,max-speed-kBps",
        `is ${speed}`,
        "it counts in 1000 bytes a second, and registers in 10^6",
      ),
    );
  const peer = strings(node, "nvidia,peer")?.[0];
  const index = cell(node, "nvidia,peer-index");
  const most = peer === "gpu" ? limits.GPUS_MAX : mostHosts;
  if (index !== undefined && index >= most)
    breaches.push(
      breach(
        node,
        "nvidia,peer-index",
        `is ${index} (${hex(index)})`,
        `a ${peer ?? "peer"} has a number below ${most}`,
      ),
    );
  return breaches;
}
