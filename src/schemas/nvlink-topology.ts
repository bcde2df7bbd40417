import { z } from "zod";

const count = z.int().nonnegative();
/** Null where the driver does not say. */
const number = count.nullable();
const word = z.string().min(1).nullable();

const controllerName = z.string().regex(/^nvlink(0|[1-9]\d*)$/);
const linkName = z.string().regex(/^nvlink(0|[1-9]\d*)-link(0|[1-9]\d*)$/);
const gpuName = z.string().regex(/^nvlink(0|[1-9]\d*)-gpu(0|[1-9]\d*)$/);

const Controller = z.strictObject({
  name: controllerName,
  state: word.describe("what the driver thinks of it: alive is what works"),
  contract: word.describe("version of the contract that it keeps"),
  serial: word,
  firmware: word.describe("what firmware has done before the kernel"),
  generation: number.describe("resets since power-on"),
  resets: number.describe("resets by the driver"),
  device: word.describe("the device that does the DMA, as in /sys/devices"),
  bridge: word.describe("top of that device's branch in /sys/devices"),
  cpus: word.describe("CPUs near it, as a list such as 0-3,8"),
  numa_node: number,
  iommu: z
    .strictObject({
      group: count,
      type: word.describe("DMA, DMA-FQ, identity, unmanaged or blocked"),
      device: word.describe("the IOMMU"),
    })
    .nullable()
    .describe("null where no IOMMU is in its way"),
});

const Link = z.strictObject({
  name: linkName,
  controller: controllerName,
  index: count.describe("number of the link at its controller"),
  state: word,
  up: z.boolean().describe("it carries data"),
  error: word,
  lanes: number,
  speed_mbps: number.describe("speed each way now, in units of 10^6 bytes a second"),
  max_speed_mbps: number,
  limit_mbps: number.describe("0: none"),
  peer: word.describe("gpuN or hostN"),
  gpu: number.describe("index of the GPU at its other end"),
  attempts: number.describe("trainings, those within one training included"),
  resets: number.describe("resets by the driver"),
});

const Gpu = z.strictObject({
  index: count.describe("place in this list and in the matrices, over all controllers"),
  name: gpuName,
  controller: controllerName,
  identity: word.describe("stays the same when indices change"),
  memory_bytes: number,
  reachable: z.boolean().describe("a link to it is up"),
  group: count.describe("place in groups"),
  links: z.array(linkName),
});

/** What nvlink-agent writes to /run/nvlink-topology.json in the guest. */
export const NvlinkTopology = z.strictObject({
  version: z.literal(1),
  contract: z.string().regex(/^\d+\.\d+$/),
  controllers: z.array(Controller),
  links: z.array(Link),
  gpus: z.array(Gpu),
  adjacency: z.array(z.array(count)).describe("direct links between GPUs, whether up or not"),
  matrix: z
    .array(z.array(z.string().regex(/^(X|NV\d+|PHB|NODE|SYS|N\/A)$/)))
    .describe("how GPUs reach each other now"),
  groups: z
    .array(z.array(count).min(1))
    .describe("GPUs that reach each other over NVLink in one hop or more"),
});
