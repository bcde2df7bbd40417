import { z } from "zod";
import { firstDiskSlot, networkSlot } from "./pci-slot.ts";
import { Name, OutputPath } from "./text.ts";

/** A device number of PCI bus 0, 1 to 1f; function 0 is meant. */
const PciSlot = z
  .string()
  .regex(/^(0?[1-9a-f]|1[0-9a-f])$/, 'a PCI device number, 1 to 1f, hexadecimal and in quotes, as in "1e"');

const GpuName = /^gpu(\d{1,2})$/;

/** An emulated NVLink controller: a vfio-user device, whose other side is a process of its own. */
const ControllerFields = z.strictObject({
  name: Name.describe("as the lab commands call it"),
  slot: PciSlot,
  serial: z.int().min(0).describe("number that the controller tells of itself"),
  links: z
    .array(z.string().regex(/^(gpu|host)\d{1,2}$/, "what a link leads to: gpu0, gpu1 … or host0 …"))
    .min(1)
    .max(16)
    .describe("what each link leads to, as in [gpu0, gpu0, host0]"),
  gpus: z
    .array(z.string().regex(/^[1-9][0-9]*[KMG]$/, "a size, as in 64M"))
    .min(1)
    .max(16)
    .describe("memory of each GPU"),
  adjacent: z
    .array(z.strictObject({ gpus: z.tuple([z.int(), z.int()]), links: z.int().min(1).max(15) }))
    .default([])
    .describe("GPUs with direct links between them"),
  speed: z.int().min(1).max(1_000_000).default(25_000).describe("fastest speed of a link each way, MB/s"),
  lanes: z.int().min(1).max(255).default(4).describe("lanes of a link"),
  trained: z.boolean().default(false).describe("links are up at power-on, as if firmware had trained them"),
});

const Controller = ControllerFields.superRefine((controller, context) => {
  const count = controller.gpus.length;
  const report = (path: (string | number)[], number: number): void => {
    if (number >= 0 && number < count) return;
    context.addIssue({ code: "custom", path, message: `there is no gpu${number}: gpus names ${count}` });
  };
  for (const [index, link] of controller.links.entries()) {
    const gpu = GpuName.exec(link)?.[1];
    if (gpu !== undefined) report(["links", index], Number(gpu));
  }
  for (const [index, { gpus }] of controller.adjacent.entries()) {
    for (const [place, gpu] of gpus.entries()) report(["adjacent", index, "gpus", place], gpu);
    if (gpus[0] !== gpus[1]) continue;
    const path = ["adjacent", index, "gpus"];
    context.addIssue({ code: "custom", path, message: "a GPU is not adjacent to itself" });
  }
});
export type Controller = z.output<typeof Controller>;

/** Properties are QEMU's own, which it checks itself. */
const Device = z.union([
  z.string().regex(/^[\w.-]+$/, "a driver of QEMU's; with properties write { driver: …, addr: … }"),
  z
    .object({ driver: z.string().regex(/^[\w.-]+$/) })
    .catchall(z.union([z.string(), z.number(), z.boolean()])),
]);

/** What variants of one machine may have otherwise. */
export const MachineSize = {
  harts: z.int().min(1).max(512),
  memory: z.string().regex(/^[0-9]+[MG]$/, "a size, as in 512M"),
};

const MachineFields = z.strictObject({
  machine: z.string().describe("value of -M, as in virt,aia=aplic-imsic"),
  cpu: z.string().default("rv64"),
  harts: MachineSize.harts.default(2),
  memory: MachineSize.memory.default("512M"),
  bios: OutputPath.describe("artifact for -bios"),
  kernel: OutputPath.optional().describe("artifact for -kernel"),
  "device-tree": OutputPath.optional().describe("artifact for -dtb; QEMU makes its own without"),
  disks: z
    .array(OutputPath)
    .max(networkSlot - firstDiskSlot)
    .default([])
    .describe("artifacts attached by virtio-blk in the PCI slots from 1 on, never written to"),
  "test-disks": z
    .array(OutputPath)
    .optional()
    .describe("takes their place under boot --test, where a signed command line can take no words from QEMU"),
  network: z
    .boolean()
    .default(true)
    .describe("a virtio network card in PCI slot 8, on QEMU's user network"),
  devices: z
    .array(Device)
    .default([])
    .describe("further devices in order: a driver, or { driver: …, addr: \"9.0\" } with its properties"),
  controllers: z.array(Controller).default([]).describe("emulated NVLink controllers"),
  model: OutputPath.optional().describe("artifact that is the program behind each controller"),
  iommu: z
    .strictObject({ slot: PciSlot })
    .optional()
    .describe("a RISC-V IOMMU as a PCI function; without, the machine has what -M says"),
  "test-command-line": z
    .string()
    .default("nvlab.test")
    .describe("added to the command line by boot --test; =NAME,… follows where tests are named"),
});

/** How QEMU starts the machine. File names are artifacts of the target. */
export const Machine = MachineFields.superRefine((machine, context) => {
  const issue = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: "custom", path, message });
  };
  if (machine.controllers.length > 0 && machine.model === undefined) {
    issue(["controllers"], "controllers need a model: the artifact that plays them");
  }
  if (machine.controllers.length > 0 && /(^|,)iommu-sys=(on|true|yes)(,|$)/.test(machine.machine)) {
    issue(["machine"], "QEMU hangs where a system IOMMU is there before a controller: use iommu: { slot: … }");
  }
  if (machine["test-disks"] && machine["test-disks"].length !== machine.disks.length) {
    issue(["test-disks"], `there are ${machine.disks.length} disks, each of which wants another one for tests`);
  }
  const names = new Set<string>();
  for (const [index, { name }] of machine.controllers.entries()) {
    if (names.has(name)) issue(["controllers", index, "name"], `two controllers are called ${name}`);
    names.add(name);
  }
  const taken = new Map<number, string>(
    machine.disks.map((disk, index): [number, string] => [firstDiskSlot + index, disk]),
  );
  if (machine.network) taken.set(networkSlot, "the network card");
  const take = (path: (string | number)[], slot: string, what: string): void => {
    const number = parseInt(slot, 16);
    const other = taken.get(number);
    if (other !== undefined) issue(path, `PCI slot ${slot} has ${other} already`);
    taken.set(number, what);
  };
  for (const [index, { name, slot }] of machine.controllers.entries()) {
    take(["controllers", index, "slot"], slot, name);
  }
  if (machine.iommu) take(["iommu", "slot"], machine.iommu.slot, "the IOMMU");
});
export type Machine = z.output<typeof Machine>;
