import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { NvlinkTopology } from "../../../src/schemas/nvlink-topology.ts";
import { temporaryFolder } from "../../support/project.ts";
import { buildAgentProgram, run, type AgentProgram } from "./agent-program.ts";
import { fakeSysfs, twoControllers, type FakeController } from "./fake-sysfs.ts";
import { readMetrics } from "./prometheus.ts";
import { randomMachine } from "./random-machine.ts";

let program: AgentProgram;

beforeAll(async () => {
  program = await buildAgentProgram();
});
afterAll(() => program.remove());

interface Written {
  readonly topology: z.infer<typeof NvlinkTopology>;
  readonly metrics: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly labelsJson: Readonly<Record<string, string | number>>;
}

function readLabels(text: string): Map<string, string> {
  const pairs = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("=") as [string, string]);
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  return new Map(pairs);
}

/** Lets the agent write everything once about a machine. */
function write(folder: string, controllers: readonly FakeController[]): Written {
  const [sysfs, out, features] = [join(folder, "sys"), join(folder, "run"), join(folder, "features.d")];
  fakeSysfs(sysfs, controllers);
  rmSync(out, { recursive: true, force: true });
  const args = ["--once", "--sysfs", sysfs, "--run", out, "--features", features];
  expect(run(program.agent, args)).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(readdirSync(features)).toEqual(["nvlink"]);
  expect(readdirSync(join(out, "node-exporter"))).toEqual(["nvlink.prom"]);
  const read = (path: string) => readFileSync(path, "utf8");
  return {
    topology: NvlinkTopology.parse(JSON.parse(read(join(out, "nvlink-topology.json")))),
    metrics: read(join(out, "node-exporter/nvlink.prom")),
    labels: readLabels(read(join(features, "nvlink"))),
    labelsJson: JSON.parse(read(join(out, "nvlink-labels.json"))) as Record<string, string | number>,
  };
}

const domain = "feature.node.kubernetes.io/";
const legalName = /^(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const legalValue = /^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Pairs and groups, found in another way than the program does. */
function expectConsistent({ topology, labels, labelsJson }: Written): void {
  const { adjacency, matrix, gpus, groups } = topology;
  const all = gpus.map(({ index }) => index);
  expect(all).toEqual([...gpus.keys()]);
  expect([...groups.flat()].sort((a, b) => a - b)).toEqual(all);
  for (const a of all) {
    expect(gpus[a]?.reachable).toBe(topology.links.some(({ gpu, up }) => gpu === a && up));
    expect(groups[gpus[a]?.group ?? -1]).toContain(a);
    for (const b of all) {
      const direct = adjacency[a]?.[b] ?? -1;
      expect(adjacency[b]?.[a]).toBe(direct);
      expect(matrix[b]?.[a]).toBe(matrix[a]?.[b]);
      expect(matrix[a]?.[b] === "X").toBe(a === b);
      const near = direct > 0 && gpus[a]?.reachable === true && gpus[b]?.reachable === true;
      expect(matrix[a]?.[b]?.startsWith("NV")).toBe(near);
      if (near) expect(matrix[a]?.[b]).toBe(`NV${direct}`);
      if (near) expect(gpus[a]?.group).toBe(gpus[b]?.group);
    }
  }
  const pairs = all.flatMap((a) =>
    all.filter((b) => a < b && (matrix[a]?.[b] ?? "").startsWith("NV")).map((b) => `${a}-${b}`),
  );
  expect(labelsJson["nvlink.pairs"]).toBe(pairs.join(","));
  expect(labelsJson["nvlink.groups"]).toBe(groups.map((group) => group.join("-")).join(","));
  expectLists(labels, "nvlink.pairs", pairs.join("_"));
  expectLists(labels, "nvlink.groups", groups.map((group) => group.join("-")).join("_"));
}

/** A list is a label where it fits; where it does not, a label says that it is left out. */
function expectLists(labels: ReadonlyMap<string, string>, name: string, list: string): void {
  const fits = list.length > 0 && list.length <= 63;
  expect(labels.get(`${domain}${name}`)).toBe(fits ? list : undefined);
  expect(labels.get(`${domain}${name}.too-long`)).toBe(list.length > 63 ? "true" : undefined);
}

test("whatever the driver shows, all that is written is legal and fits together", () => {
  const folder = temporaryFolder();
  fc.assert(
    fc.property(randomMachine, (controllers) => {
      const written = write(folder, controllers);
      expectConsistent(written);
      for (const [name, value] of written.labels) {
        expect(name.startsWith(domain)).toBe(true);
        expect(name.slice(domain.length)).toMatch(legalName);
        expect(value).toMatch(legalValue);
      }
      const ups = readMetrics(written.metrics).filter(({ name }) => name === "nvlink_link_up");
      expect(ups.map(({ value }) => value === "1")).toEqual(written.topology.links.map(({ up }) => up));
    }),
    { numRuns: 25 },
  );
});

test("a machine of full size has lists too long for labels, and says so", () => {
  const gpus = 16;
  const full = Array.from({ length: gpus }, (_, a) =>
    Array.from({ length: gpus }, (__, b) => Number(a !== b)),
  );
  const controllers = [0, 1].map((number) => ({
    number,
    state: "alive",
    bridge: "pci0000:00",
    links: Array.from({ length: gpus }, (_, gpu) => ({ peer: `gpu${gpu}`, state: "HS" })),
    adjacency: full,
  }));
  const written = write(temporaryFolder(), controllers);
  expectConsistent(written);
  expect(written.labels.get(`${domain}nvlink.pairs.too-long`)).toBe("true");
  expect(written.labels.get(`${domain}nvlink.pairs-count`)).toBe("240");
  expect(written.labels.get(`${domain}nvlink.largest-group`)).toBe("16");
});

test("a list of 63 characters is a label, one of 64 is not", () => {
  const gpus = 11;
  const machine = (pairs: readonly (readonly [number, number])[]): FakeController => {
    const adjacency = Array.from({ length: gpus }, () => Array<number>(gpus).fill(0));
    for (const [a, b] of pairs) {
      adjacency[a]?.splice(b, 1, 1);
      adjacency[b]?.splice(a, 1, 1);
    }
    const links = adjacency.map((_, gpu) => ({ peer: `gpu${gpu}`, state: "HS" }));
    return { number: 0, state: "alive", bridge: "pci0000:00", links, adjacency };
  };
  const short = Array.from({ length: 15 }, (_, i) => [i % 2, 2 + (i >> 1)] as const);
  const folder = temporaryFolder();
  const fits = write(folder, [machine([...short, [8, 9]])]);
  expect(fits.labels.get(`${domain}nvlink.pairs`)).toHaveLength(63);
  expectConsistent(fits);
  const long = write(folder, [machine([...short, [8, 10]])]);
  expect(String(long.labelsJson["nvlink.pairs"])).toHaveLength(64);
  expect(long.labels.has(`${domain}nvlink.pairs`)).toBe(false);
  expectConsistent(long);
});

test("the machine that nvlab boots has these labels", () => {
  const { labels, labelsJson } = write(temporaryFolder(), twoControllers);
  const named = Object.fromEntries([...labels].map(([name, value]) => [name.slice(domain.length), value]));
  expect(named).toEqual({
    "nvlink.present": "true",
    "nvlink.contract": "1.0",
    "nvlink.controllers": "2",
    "nvlink.links": "7",
    "nvlink.links-up": "6",
    "nvlink.gpus": "3",
    "nvlink.gpus-reachable": "3",
    "nvlink.largest-group": "2",
    "nvlink.pairs-count": "1",
    "nvlink.pairs": "0-1",
    "nvlink.groups": "0-1_2",
  });
  expect(labelsJson).toMatchObject({ "nvlink.pairs": "0-1", "nvlink.groups": "0-1,2", "nvlink.gpus": 3 });
});

test("metrics have the field's names, exact counters and escaped labels", () => {
  const [first] = twoControllers as readonly [FakeController];
  const attributes = { serial: 'a"b\\c', resets: "3" };
  const samples = readMetrics(write(temporaryFolder(), [{ ...first, attributes }]).metrics);
  const ofLink = (name: string) =>
    samples.find((sample) => sample.name === name && sample.labels.link === "0")?.value;
  expect(
    Object.fromEntries(
      [
        "nvlink_link_state",
        "nvlink_link_speed_bytes_per_second",
        "nvlink_tx_bytes_total",
        "nvlink_rx_bytes_total",
        "nvlink_replay_errors_total",
        "nvlink_recovery_errors_total",
        "nvlink_crc_flit_errors_total",
        "nvlink_crc_data_errors_total",
        "nvlink_ecc_errors_total",
        "nvlink_link_resets_total",
      ].map((name) => [name, ofLink(name)]),
    ),
  ).toEqual({
    nvlink_link_state: "1",
    nvlink_link_speed_bytes_per_second: "25000000000",
    nvlink_tx_bytes_total: "18446744073709551614",
    nvlink_rx_bytes_total: "4096",
    nvlink_replay_errors_total: "1",
    nvlink_recovery_errors_total: "2",
    nvlink_crc_flit_errors_total: "3",
    nvlink_crc_data_errors_total: "4",
    nvlink_ecc_errors_total: "5",
    nvlink_link_resets_total: "0",
  });
  const info = samples.find(({ name }) => name === "nvlink_controller_info");
  expect(info?.labels).toMatchObject({ serial: 'a"b\\c', iommu: "DMA", contract: "1.0" });
  expect(samples.find(({ name }) => name === "nvlink_controller_resets_total")?.value).toBe("3");
});

test("a counter that the driver does not show is left out and not zero", () => {
  const [first] = twoControllers as readonly [FakeController];
  const links = [{ peer: "gpu0", state: "HS", attributes: { ecc_errors: undefined } }];
  const samples = readMetrics(write(temporaryFolder(), [{ ...first, links }]).metrics);
  expect(samples.some(({ name }) => name === "nvlink_crc_data_errors_total")).toBe(true);
  expect(samples.some(({ name }) => name === "nvlink_ecc_errors_total")).toBe(false);
});
