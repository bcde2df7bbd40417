import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NvlinkTopology } from "../../../src/schemas/nvlink-topology.ts";
import { temporaryFolder, writeFiles } from "../../support/project.ts";
import { buildAgentProgram, run, type AgentProgram } from "./agent-program.ts";
import { fakeSysfs, twoControllers, type FakeController } from "./fake-sysfs.ts";

let program: AgentProgram;

beforeAll(async () => {
  program = await buildAgentProgram();
});
afterAll(() => program.remove());

function machine(controllers: readonly FakeController[]): string {
  const folder = temporaryFolder();
  fakeSysfs(folder, controllers);
  return folder;
}

const [first, second] = twoControllers as readonly [FakeController, FakeController];

test("the topology has controllers, links and GPUs as the driver shows them", () => {
  const ended = run(program.topo, ["--sysfs", machine(twoControllers), "--json"]);
  expect(ended.stderr).toBe("");
  const topology = NvlinkTopology.parse(JSON.parse(ended.stdout));
  expect(topology.controllers).toHaveLength(2);
  expect(topology.controllers[1]).toEqual({
    name: "nvlink1",
    state: "alive",
    contract: "1.0",
    serial: "0x1",
    firmware: "READY",
    generation: 1,
    resets: 0,
    device: "0000:00:11.0",
    bridge: "pci0000:00",
    cpus: "0-1",
    numa_node: null,
    iommu: { group: 4, type: "DMA", device: "riscv-iommu" },
  });
  expect(topology.links.map(({ name, up, gpu }) => [name, up, gpu])).toEqual([
    ["nvlink0-link0", true, 0],
    ["nvlink0-link1", true, 0],
    ["nvlink0-link2", true, 1],
    ["nvlink0-link3", true, 1],
    ["nvlink1-link0", true, 2],
    ["nvlink1-link1", true, 2],
    ["nvlink1-link2", false, null],
  ]);
  expect(topology.gpus[2]).toEqual({
    index: 2,
    name: "nvlink1-gpu0",
    controller: "nvlink1",
    identity: "0x10",
    memory_bytes: 67_108_864,
    reachable: true,
    group: 1,
    links: ["nvlink1-link0", "nvlink1-link1"],
  });
  expect(topology.groups).toEqual([[0, 1], [2]]);
});

test("the matrix is the one that people know", () => {
  const ended = run(program.topo, ["--sysfs", machine(twoControllers)]);
  expect(ended.status).toBe(0);
  expect(ended.stdout.split("\n").slice(0, 5)).toEqual([
    "\tGPU0\tGPU1\tGPU2\tCPU Affinity\tNUMA Affinity",
    "GPU0\t X \tNV2\tPHB\t0-1\t\tN/A",
    "GPU1\tNV2\t X \tPHB\t0-1\t\tN/A",
    "GPU2\tPHB\tPHB\t X \t0-1\t\tN/A",
    "",
  ]);
  expect(ended.stdout).toContain("Legend:");
});

test("GPUs below other bridges and at other NUMA nodes are NODE and SYS, unreachable ones have no way", () => {
  const there = machine([
    { ...first, numa: 0 },
    { ...second, numa: 0, bridge: "pci0001:00" },
    { ...second, number: 2, numa: 1, bridge: "pci0002:00" },
    { ...second, number: 3, numa: 0, links: [{ peer: "gpu0", state: "FAULT" }] },
  ]);
  const { matrix } = NvlinkTopology.parse(JSON.parse(run(program.topo, ["--sysfs", there, "--json"]).stdout));
  expect(matrix[0]).toEqual(["X", "NV2", "NODE", "SYS", "N/A"]);
});

test("links are shown as a table", () => {
  const ended = run(program.topo, ["--sysfs", machine(twoControllers), "links"]);
  expect(ended.stdout.split("\n").map((line) => line.split(/ +/))).toEqual([
    ["LINK", "STATE", "ERROR", "MB/s", "MAX", "LANES", "PEER", "GPU", "RESETS"],
    ...["gpu0", "gpu0", "gpu1", "gpu1"].map((peer, link) => [
      ...[`nvlink0-link${link}`, "HS", "NONE", "25000", "25000", "4"],
      ...[peer, peer.toUpperCase(), "0"],
    ]),
    ["nvlink1-link0", "HS", "NONE", "25000", "25000", "4", "gpu0", "GPU2", "0"],
    ["nvlink1-link1", "HS", "NONE", "25000", "25000", "4", "gpu0", "GPU2", "0"],
    ["nvlink1-link2", "DETECT", "NONE", "0", "25000", "4", "host0", "-", "0"],
    [""],
  ]);
});

test("a machine whose driver is not loaded has an empty topology, which is valid", () => {
  const folder = temporaryFolder();
  expect(run(program.topo, ["--sysfs", folder]).status).toBe(1);
  const ended = run(program.agent, [
    "--once",
    ...["--sysfs", folder, "--run", join(folder, "run"), "--features", join(folder, "features.d")],
  ]);
  expect(ended).toEqual({ status: 0, stdout: "", stderr: "" });
  const topology = NvlinkTopology.parse(
    JSON.parse(readFileSync(join(folder, "run/nvlink-topology.json"), "utf8")),
  );
  expect(topology).toMatchObject({ controllers: [], links: [], gpus: [], adjacency: [], groups: [] });
  expect(readFileSync(join(folder, "features.d/nvlink"), "utf8")).toContain("/nvlink.gpus=0\n");
});

test("a dead controller's links carry nothing, whatever they say", () => {
  const there = machine([{ ...first, state: "lost" }, second]);
  const topology = NvlinkTopology.parse(JSON.parse(run(program.topo, ["--sysfs", there, "--json"]).stdout));
  expect(topology.links.map(({ up }) => up)).toEqual([false, false, false, false, true, true, false]);
  expect(topology.gpus.map(({ reachable }) => reachable)).toEqual([false, false, true]);
  expect(topology.groups).toEqual([[0], [1], [2]]);
  expect(topology.adjacency[0]).toEqual([0, 2, 0]);
});

test("direct links count only where both GPUs name them", () => {
  const there = machine([
    {
      ...first,
      adjacency: [
        [0, 2],
        [0, 0],
      ],
    },
  ]);
  const topology = NvlinkTopology.parse(JSON.parse(run(program.topo, ["--sysfs", there, "--json"]).stdout));
  expect(topology.adjacency).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test("a controller without an IOMMU, on a bus of its own, is described as such", () => {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "devices/platform/nvlink-fusion.0/nvlink/nvlink0/state": "alive\n",
    "class/nvlink/.keep": "",
  });
  mkdirSync(join(folder, "class/nvlink/nvlink0"));
  const topology = NvlinkTopology.parse(JSON.parse(run(program.topo, ["--sysfs", folder, "--json"]).stdout));
  expect(topology.controllers[0]).toMatchObject({ name: "nvlink0", state: null, device: null, iommu: null });
});

test("only the applets that there are can be called", () => {
  expect(run(join(program.folder, "nvlink"), []).status).toBe(2);
  expect(run(join(program.folder, "nvlink"), ["nvlink-topo", "--help"]).status).toBe(2);
  expect(run(program.agent, ["--interval", "0"]).status).toBe(2);
  expect(run(program.agent, ["--nonsense"]).status).toBe(2);
  expect(run(program.agent, ["extra"]).status).toBe(2);
});
