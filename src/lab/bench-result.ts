import { z } from "zod";

/**
 * What the guest's benchmark prints on the console: lines `nvlink-bench: {json}`, one measurement a line, each shorter
 * than 4096 characters. Anything else on such a line is refused.
 */
export const benchMark = "nvlink-bench: ";

const Count = z.int().min(1).max(1e9);
const Bytes = z
  .int()
  .min(1)
  .max(2 ** 50);
const Duration = z.number().min(0).max(1e12);

/** How the bytes went: by DMA on the buffer's own pages, through a bounce buffer, or from GPU to GPU. */
const Path = z.enum(["zero-copy", "staged", "peer"]);

/** As seen from the host; GPU to GPU for "peer". */
const Direction = z.enum(["to-gpu", "from-gpu", "gpu-to-gpu"]);

/** From asking for a transfer to being told that it is done, one transfer at a time. Microseconds. */
export const Latency = z.strictObject({
  measure: z.literal("latency"),
  path: Path,
  direction: Direction,
  bytes: Bytes.describe("of each transfer"),
  count: Count.describe("transfers measured"),
  min_us: Duration,
  p50_us: Duration,
  p90_us: Duration,
  p99_us: Duration,
  max_us: Duration,
  engine_p50_us: Duration.describe("median of what the engine itself took, as its completions say"),
});

/** Large transfers. */
export const Bandwidth = z.strictObject({
  measure: z.literal("bandwidth"),
  path: Path,
  direction: Direction,
  bytes: Bytes.describe("of each transfer"),
  count: Count.describe("transfers measured"),
  total_ns: Duration.min(1).describe("wall time of all transfers together"),
  engine_ns: Duration.min(1).describe(
    "what the engine itself took for them, by its completions: the model's own limit",
  ),
});

/** From asking for a link's reset until it carries data again. Milliseconds. */
export const Recovery = z.strictObject({
  measure: z.literal("recovery"),
  asked_by: z.enum(["kernel", "firmware"]).describe("the driver, or the controller's own firmware"),
  count: Count.describe("resets measured"),
  min_ms: Duration,
  mean_ms: Duration,
  max_ms: Duration,
});

export const Measurement = z.discriminatedUnion("measure", [Latency, Bandwidth, Recovery]);
export type Measurement = z.output<typeof Measurement>;
export type Latency = z.output<typeof Latency>;
export type Bandwidth = z.output<typeof Bandwidth>;
export type Recovery = z.output<typeof Recovery>;

/** out/<target>/bench.json */
export const BenchResult = z.strictObject({
  benchVersion: z.literal(1),
  target: z.string(),
  measurements: z.array(Measurement),
});
export type BenchResult = z.output<typeof BenchResult>;
