import { checkTree, controllersOf } from "../contract/tree/check-tree.ts";
import type { Breach } from "../contract/tree/breach.ts";
import { locate, type TreeSource } from "../contract/tree/locate.ts";
import { nvlinkFusion } from "../contract/generated.ts";
import { readDtb } from "../device-tree/read-dtb.ts";
import type { Failure } from "../failure/failure.ts";

export interface TreeToCheck {
  /** As people know it, as in qemu-virt.dtb. */
  readonly name: string;
  readonly bytes: Buffer;
  /** The contract that the step names. */
  readonly contract: "nvlink-fusion" | undefined;
  /** What it was made from, base first, for places. */
  readonly sources: readonly TreeSource[];
}

/** Every way in which a device tree does not keep the contract that it names, or keeps one that it does not name. */
export function contractFailures({ name, bytes, contract, sources }: TreeToCheck): Failure[] {
  const read = readDtb(bytes);
  if ("fault" in read)
    return [{ code: "NVLAB_CONTRACT", message: `${name} is no device tree: ${read.fault}` }];
  const [first] = controllersOf(read.tree);
  if (!first && contract === undefined) return [];
  if (!first)
    return [
      {
        code: "NVLAB_CONTRACT",
        message: `${name} has no node of an NVLink Fusion controller, and its step names the contract ${nvlinkFusion.name}`,
        hint: `add a node with compatible = "${nvlinkFusion.compatible}", or take 'contract' out of the step`,
      },
    ];
  const failures = checkTree(read.tree).map((breach) => failureOf(name, breach, sources));
  if (contract !== undefined) return failures;
  const at = locate({ node: first.path }, sources);
  return [
    {
      code: "NVLAB_CONTRACT",
      message: `${name}: ${first.path} is an NVLink Fusion controller, and the step names no contract`,
      ...(at && { at }),
      hint: `say 'contract: ${nvlinkFusion.name}' in the device-tree step`,
    },
    ...failures,
  ];
}

/** How a finished tree breaks the contract, as sentences; the naming of the contract is not looked at. */
export function contractBreaches(bytes: Buffer): string[] {
  const read = readDtb(bytes);
  if ("fault" in read) return [`it is no device tree: ${read.fault}`];
  return checkTree(read.tree).map(sentence);
}

function sentence({ node, property, message }: Breach): string {
  return `${node}${property === undefined ? "" : `: ${property}`} ${message}`;
}

function failureOf(name: string, breach: Breach, sources: readonly TreeSource[]): Failure {
  const at = locate(breach, sources);
  return {
    code: "NVLAB_CONTRACT",
    message: `${name}: ${sentence(breach)}`,
    ...(at && { at }),
    hint: `${breach.hint} (docs/contract.md)`,
  };
}
