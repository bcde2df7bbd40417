import { describe, expect, it } from "vitest";
import type { Bandwidth, Latency, Recovery } from "../../../src/lab/bench-result.ts";
import { collectBench } from "../../../src/lab/collect-bench.ts";
import { gibPerSecond, limitGibPerSecond, renderBench, shareOfLimit } from "../../../src/lab/render-bench.ts";

const latency: Latency = {
  ...{ measure: "latency", path: "zero-copy", direction: "to-gpu", bytes: 4096, count: 200 },
  ...{ min_us: 310, p50_us: 402.5, p90_us: 560, p99_us: 1200.4, max_us: 2100, engine_p50_us: 300.25 },
};
const bandwidth: Bandwidth = {
  ...{ measure: "bandwidth", path: "staged", direction: "from-gpu", bytes: 2 ** 25, count: 8 },
  ...{ total_ns: 500_000_000, engine_ns: 400_000_000 },
};
const recovery: Recovery = {
  measure: "recovery",
  asked_by: "firmware",
  count: 20,
  min_ms: 8.123,
  mean_ms: 9.5,
  max_ms: 30,
};
const printed = (value: unknown): string => `nvlink-bench: ${JSON.stringify(value)}`;

describe("the guest's measurements", () => {
  it("are found among all else that a console shows, wherever in a line", () => {
    const lines = [
      "KTAP version 1",
      printed(latency),
      `  # ${printed(bandwidth)}`,
      printed(recovery),
      "ok 1",
    ];
    expect(collectBench(lines)).toEqual({ ok: true, value: [latency, bandwidth, recovery] });
  });

  it("are refused where they cannot be", () => {
    for (const wrong of [
      { ...latency, measure: "luck" },
      { ...latency, p50_us: -1 },
      { ...latency, p50_us: undefined },
      { ...latency, more: 1 },
      { ...bandwidth, bytes: 0 },
      { ...bandwidth, engine_ns: 0 },
      { ...recovery, asked_by: "nobody" },
    ]) {
      expect(collectBench([printed(latency), printed(wrong)])).toMatchObject({
        ok: false,
        failures: [{ code: "NVLAB_BOOT_TEST" }],
      });
    }
    expect(collectBench(["nvlink-bench: {half a"])).toMatchObject({ ok: false });
  });

  it("are missing where none was printed", () => {
    expect(collectBench(["nvlink-bench:", "ok"])).toMatchObject({
      failures: [{ message: "The benchmark in the guest measured nothing." }],
    });
  });

  it("show nothing of a guest that a terminal would obey", () => {
    const result = collectBench(["nvlink-bench: \u001b[2J{\u0007"]);
    expect(result).toMatchObject({ failures: [{ details: ["{"] }] });
  });
});

describe("the benchmark's table", () => {
  it("has the model's own limit beside what a user of the driver gets", () => {
    expect(renderBench([latency, bandwidth, recovery])).toBe(
      [
        "latency, µs             size  min  p50  p90   p99   max  model p50  driver p50",
        "zero-copy, host → GPU  4 KiB  310  403  560  1200  2100        300         102",
        "",
        "bandwidth, GiB/s      size  measured  model's limit   share",
        "staged, GPU → host  32 MiB     0.500          0.625  80.0 %",
        "",
        "link reset asked by        resets  min ms  mean ms  max ms",
        "the controller's firmware      20    8.12     9.50    30.0",
      ].join("\n"),
    );
  });

  it("reckons in GiB, 2^30 bytes", () => {
    expect(gibPerSecond(bandwidth)).toBeCloseTo(0.5);
    expect(limitGibPerSecond(bandwidth)).toBeCloseTo(0.625);
    expect(shareOfLimit(bandwidth)).toBeCloseTo(0.8);
  });
});
