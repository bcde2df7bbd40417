import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export interface FakeLink {
  readonly peer: string;
  readonly state: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
}

export interface FakeController {
  readonly number: number;
  readonly state: string;
  readonly bridge: string;
  readonly numa?: number;
  readonly links: readonly FakeLink[];
  /** Direct links from each GPU to each, as the GPUs' registers tell. */
  readonly adjacency: readonly (readonly number[])[];
  readonly attributes?: Readonly<Record<string, string | undefined>>;
}

/** The controllers of the machine that nvlab boots. */
export const twoControllers: readonly FakeController[] = [
  {
    number: 0,
    state: "alive",
    bridge: "pci0000:00",
    links: ["gpu0", "gpu0", "gpu1", "gpu1"].map((peer) => ({ peer, state: "HS" })),
    adjacency: [
      [0, 2],
      [2, 0],
    ],
  },
  {
    number: 1,
    state: "alive",
    bridge: "pci0000:00",
    links: [
      { peer: "gpu0", state: "HS" },
      { peer: "gpu0", state: "HS" },
      { peer: "host0", state: "DETECT" },
    ],
    adjacency: [[0]],
  },
];

/** Writes attributes as the kernel does, a line feed behind each; undefined is a missing one. */
function attributes(folder: string, values: Readonly<Record<string, string | undefined>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) writeFileSync(join(folder, name), `${value}\n`);
}

function link(from: string, to: string): void {
  mkdirSync(dirname(from), { recursive: true });
  symlinkSync(relative(dirname(from), to), from);
}

const linkAttributes = ({ peer, state, attributes: others }: FakeLink) => ({
  state,
  error: state === "FAIL" ? "TRAINING" : "NONE",
  lanes: "4",
  speed_mbps: state === "HS" ? "25000" : "0",
  max_speed_mbps: "25000",
  limit_mbps: "0",
  peer,
  attempts: "1",
  resets: "0",
  tx_bytes: "18446744073709551614",
  rx_bytes: "4096",
  replay_errors: "1",
  recovery_errors: "2",
  crc_flit_errors: "3",
  crc_data_errors: "4",
  ecc_errors: "5",
  ...others,
});

function addController(sysfs: string, controller: FakeController): void {
  const { number, bridge } = controller;
  const address = `0000:00:${(16 + number).toString(16)}.0`;
  const bus = join(sysfs, "devices/platform/soc/30000000.pci", bridge);
  const pci = join(bus, address);
  const platform = join(pci, `nvlink-fusion.${number}`);
  const group = join(sysfs, "kernel/iommu_groups", String(number + 3));
  const iommu = join(bus, "0000:00:1e.0/iommu/riscv-iommu");
  const add = (name: string, values: Readonly<Record<string, string | undefined>>) => {
    const folder = join(platform, "nvlink", name);
    attributes(folder, values);
    link(join(folder, "device"), platform);
    link(join(sysfs, "class/nvlink", name), folder);
  };
  attributes(pci, {
    vendor: "0x1234",
    device: "0x4e46",
    local_cpulist: "0-1",
    numa_node: controller.numa?.toString(),
  });
  attributes(group, { type: "DMA" });
  mkdirSync(iommu, { recursive: true });
  link(join(pci, "iommu_group"), group);
  link(join(pci, "iommu"), iommu);
  link(join(sysfs, "bus/pci/devices", address), pci);
  add(`nvlink${number}`, {
    state: controller.state,
    contract_version: "1.0",
    serial: `0x${number}`,
    firmware_state: "READY",
    generation: "1",
    resets: "0",
    ...controller.attributes,
  });
  controller.links.forEach((each, index) => add(`nvlink${number}-link${index}`, linkAttributes(each)));
  controller.adjacency.forEach((row, index) =>
    add(`nvlink${number}-gpu${index}`, {
      memory_bytes: "67108864",
      identity: `0x${number}${index}`,
      peers: row.flatMap((links, peer) => (links > 0 ? [`gpu${peer}:${links}`] : [])).join(" "),
    }),
  );
}

/** Writes what the driver shows of those controllers. */
export function fakeSysfs(sysfs: string, controllers: readonly FakeController[]): void {
  rmSync(sysfs, { recursive: true, force: true });
  mkdirSync(join(sysfs, "devices"), { recursive: true });
  for (const controller of controllers) addController(sysfs, controller);
}
