import type { Paint } from "../report/palette.ts";
import { colourless } from "../report/palette.ts";
import { renderTable } from "../report/table.ts";
import type { Bandwidth, Latency, Measurement, Recovery } from "./bench-result.ts";

/** The measurements for people: a table each for what was measured of latency, bandwidth and recovery. */
export function renderBench(measurements: readonly Measurement[], paint: Paint = colourless): string {
  const latencies = measurements.flatMap((one) => (one.measure === "latency" ? [one] : []));
  const bandwidths = measurements.flatMap((one) => (one.measure === "bandwidth" ? [one] : []));
  const recoveries = measurements.flatMap((one) => (one.measure === "recovery" ? [one] : []));
  return [
    ...(latencies.length > 0 ? [latencyTable(latencies, paint)] : []),
    ...(bandwidths.length > 0 ? [bandwidthTable(bandwidths, paint)] : []),
    ...(recoveries.length > 0 ? [recoveryTable(recoveries, paint)] : []),
  ].join("\n\n");
}

const right = (...titles: readonly string[]): { title: string; align: "right" }[] =>
  titles.map((title) => ({ title, align: "right" }));

function latencyTable(rows: readonly Latency[], paint: Paint): string {
  return renderTable(
    [
      { title: "latency, µs" },
      ...right("size", "min", "p50", "p90", "p99", "max", "model p50", "driver p50"),
    ],
    rows.map((row) => [
      way(row),
      sizeText(row.bytes),
      ...[row.min_us, row.p50_us, row.p90_us, row.p99_us, row.max_us, row.engine_p50_us].map(figure),
      figure(Math.max(0, row.p50_us - row.engine_p50_us)),
    ]),
    paint,
  );
}

function bandwidthTable(rows: readonly Bandwidth[], paint: Paint): string {
  return renderTable(
    [{ title: "bandwidth, GiB/s" }, ...right("size", "measured", "model's limit", "share")],
    rows.map((row) => [
      way(row),
      sizeText(row.bytes),
      figure(gibPerSecond(row)),
      figure(limitGibPerSecond(row)),
      `${(shareOfLimit(row) * 100).toFixed(1)} %`,
    ]),
    paint,
  );
}

function recoveryTable(rows: readonly Recovery[], paint: Paint): string {
  return renderTable(
    [{ title: "link reset asked by" }, ...right("resets", "min ms", "mean ms", "max ms")],
    rows.map((row) => [
      row.asked_by === "kernel" ? "the kernel" : "the controller's firmware",
      String(row.count),
      ...[row.min_ms, row.mean_ms, row.max_ms].map(figure),
    ]),
    paint,
  );
}

/** What a user of the driver gets, GiB (2^30 bytes) a second. */
export function gibPerSecond({ bytes, count, total_ns }: Bandwidth): number {
  return (bytes * count) / 2 ** 30 / (total_ns / 1e9);
}

/** What the model and QEMU can move: the same bytes in the time that the engine itself took. */
export function limitGibPerSecond({ bytes, count, engine_ns }: Bandwidth): number {
  return (bytes * count) / 2 ** 30 / (engine_ns / 1e9);
}

/** How much of the model's own limit the driver reaches, 0 to 1. */
export function shareOfLimit({ engine_ns, total_ns }: Bandwidth): number {
  return engine_ns / total_ns;
}

function way({ path, direction }: Latency | Bandwidth): string {
  const directions = { "to-gpu": "host → GPU", "from-gpu": "GPU → host", "gpu-to-gpu": "GPU → GPU" } as const;
  return `${path}, ${directions[direction]}`;
}

function sizeText(bytes: number): string {
  for (const [unit, size] of [
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
  ] as const) {
    if (bytes >= size && bytes % size === 0) return `${String(bytes / size)} ${unit}`;
  }
  return `${String(bytes)} B`;
}

/** Three digits that count. */
function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value >= 1 || value === 0 ? value.toFixed(2) : value.toPrecision(3);
}
