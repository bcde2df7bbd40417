import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { baseEnvironment } from "../../src/exec/base-environment.ts";
import { runSandboxed } from "../../src/exec/run-sandboxed.ts";
import { shellQuote } from "../../src/text/shell-quote.ts";
import { temporaryFolder } from "./project.ts";

/** Nodes that QEMU adds for devices of one run, or that hold seeds and guest memory. */
const ofOneRun = /^\/(chosen|aliases|memory@|fw-cfg|reserved-memory|__symbols__)/;

/** Paths of all nodes of a device tree, in dtc's text form. */
function nodePaths(source: string): string[] {
  const path: string[] = [];
  const found: string[] = [];
  for (const line of source.split("\n")) {
    const opened = /^\t*(?:[\w-]+:\s*)*([^\s{;]+) \{$/.exec(line)?.[1];
    if (opened !== undefined) {
      path.push(opened === "/" ? "" : opened);
      found.push(path.join("/"));
    } else if (/^\t*\};$/.test(line)) path.pop();
  }
  return found.filter((node) => node !== "" && !ofOneRun.test(node)).sort();
}

async function inBootRoot(command: string, images: string): Promise<string> {
  const scratch = temporaryFolder();
  const ended = await runSandboxed(
    {
      root: process.env.NVLAB_TEST_BOOT_ROOT ?? "",
      mounts: [
        { host: images, at: "/images", writable: false },
        { host: scratch, at: "/out", writable: true },
      ],
      environment: baseEnvironment(0),
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", command],
      cwd: "/out",
    },
    { log: join(scratch, "log") },
  );
  if (!ended.ok || ended.value.status !== 0) throw new Error(readFileSync(join(scratch, "log"), "utf8"));
  return readFileSync(join(scratch, "tree.dts"), "utf8");
}

/** What a device tree says: its nodes, and which PCI functions its IOMMU translates. */
export interface MachineTree {
  readonly nodes: readonly string[];
  /** Requester ids and the lengths of their ranges, without what names the IOMMU. */
  readonly translated: readonly number[];
}

/** The tree that QEMU makes for a machine whose IOMMU is a PCI function. */
export async function machineTree(machine: string, iommuSlot: string): Promise<MachineTree> {
  const iommu = shellQuote(JSON.stringify({ driver: "riscv-iommu-pci", addr: `${iommuSlot}.0` }));
  const command = `qemu-system-riscv64 -M ${machine},dumpdtb=machine.dtb -smp 2 -m 512M -display none -device ${iommu} && dtc -q -I dtb -O dts -o tree.dts machine.dtb`;
  return treeOf(await inBootRoot(command, temporaryFolder()));
}

function treeOf(source: string): MachineTree {
  const cells = /iommu-map = <([^>]*)>/.exec(source)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
  return {
    // QEMU names a function by its number, devicetree.org's PCI binding by device and function.
    nodes: nodePaths(source).map((node) =>
      node.replace(/(?<=\/pci@[^/]*\/[\w-]+@)[0-9a-f]+$/, (number) => unitAddress(parseInt(number, 16))),
    ),
    translated: cells.filter((_, index) => index % 4 !== 1),
  };
}

function unitAddress(requester: number): string {
  return `${((requester >> 3) & 31).toString(16)},${(requester & 7).toString(16)}`;
}

/** A built tree. */
export async function shippedTree(path: string): Promise<MachineTree> {
  const command = `dtc -q -I dtb -O dts -o tree.dts /images/${path.slice(dirname(path).length + 1)}`;
  return treeOf(await inBootRoot(command, dirname(path)));
}
