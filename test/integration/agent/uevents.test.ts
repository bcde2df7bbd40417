import { existsSync, mkdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { NvlinkTopology } from "../../../src/schemas/nvlink-topology.ts";
import { temporaryFolder } from "../../support/project.ts";
import { buildAgentProgram, buildJudge, run, type AgentProgram } from "./agent-program.ts";
import { fakeSysfs, twoControllers } from "./fake-sysfs.ts";
import { startAgent, uevent, until, type RunningAgent } from "./running-agent.ts";

let program: AgentProgram;
let judge: string;

beforeAll(async () => {
  [program, judge] = await Promise.all([buildAgentProgram(), buildJudge()]);
});
afterAll(() => {
  program.remove();
  rmSync(judge, { recursive: true });
});

const link = "/devices/pci0000:00/0000:00:10.0/nvlink-fusion.0/nvlink/nvlink0-link2";

function topologyOf(agent: RunningAgent): z.infer<typeof NvlinkTopology> {
  return NvlinkTopology.parse(JSON.parse(readFileSync(join(agent.out, "nvlink-topology.json"), "utf8")));
}

const setState = (agent: RunningAgent, state: string): void =>
  writeFileSync(join(agent.sysfs, "class/nvlink/nvlink0-link2/state"), `${state}\n`);

const stateOf = (agent: RunningAgent): string | null | undefined =>
  topologyOf(agent).links.find(({ name }) => name === "nvlink0-link2")?.state;

test("a link's change is written when its uevent comes, and not before", async () => {
  const agent = await startAgent(program, twoControllers);
  setState(agent, "FAULT");
  agent.send(uevent("change", "/devices/other", "net"));
  await pause(400);
  expect(stateOf(agent)).toBe("HS");
  agent.send(uevent("change", link));
  await until("the new state", () => stateOf(agent) === "FAULT");
  const metrics = readFileSync(join(agent.out, "node-exporter/nvlink.prom"), "utf8");
  expect(metrics).toContain('nvlink_link_state{controller="nvlink0",link="2",peer="gpu1"} 3\n');
});

test("a controller that goes away and comes back is followed", async () => {
  const agent = await startAgent(program, twoControllers);
  fakeSysfs(agent.sysfs, twoControllers.slice(1));
  agent.send(uevent("remove", "/devices/pci0000:00/0000:00:10.0/nvlink-fusion.0/nvlink/nvlink0"));
  await until("it is gone", () => topologyOf(agent).controllers.length === 1);
  expect(topologyOf(agent).gpus.map(({ name }) => name)).toEqual(["nvlink1-gpu0"]);
  fakeSysfs(agent.sysfs, []);
  agent.send(uevent("remove", "/devices/pci0000:00/0000:00:11.0/nvlink-fusion.1/nvlink/nvlink1"));
  await until("nothing is left", () => topologyOf(agent).controllers.length === 0);
  fakeSysfs(agent.sysfs, twoControllers);
  agent.send(uevent("add", "/devices/pci0000:00/0000:00:10.0/nvlink-fusion.0/nvlink/nvlink0"));
  await until("both are back", () => topologyOf(agent).gpus.length === 3);
});

test("what could not be written is tried again", async () => {
  const agent = await startAgent(program, twoControllers);
  const features = join(agent.out, "../features.d");
  rmSync(features, { recursive: true });
  setState(agent, "FAULT");
  agent.send(uevent("change", link));
  await until("the failure is told", () => agent.said().includes("features.d"));
  mkdirSync(features);
  await until("it is written", () => existsSync(join(features, "nvlink")));
});

test("a burst of uevents is one change, and a reader never sees half a file", async () => {
  const agent = await startAgent(program, twoControllers);
  let renames = 0;
  const watcher = watch(agent.out, (_, name) => {
    if (name === "nvlink-topology.json") renames++;
  });
  onTestFinished(() => watcher.close());
  for (let i = 0; i < 60; i++) {
    setState(agent, i % 2 === 0 ? "RECOVERY" : "HS");
    agent.send(uevent("change", link));
    expect(topologyOf(agent).links).toHaveLength(7);
    await pause(5);
  }
  setState(agent, "SLEEP");
  agent.send(uevent("change", link));
  await until("the last state", () => stateOf(agent) === "SLEEP");
  expect(renames).toBeLessThan(20);
});

test("nothing is written again where nothing changed", async () => {
  const agent = await startAgent(program, twoControllers, ["--interval", "1"]);
  const path = join(agent.out, "nvlink-topology.json");
  const before = statSync(path).ino;
  agent.send(uevent("change", link));
  await pause(400);
  expect(statSync(path).ino).toBe(before);
  const counter = join(agent.sysfs, "class/nvlink/nvlink0-link0/rx_bytes");
  writeFileSync(counter, "8192\n");
  await until("counters are written in their interval", () =>
    readFileSync(join(agent.out, "node-exporter/nvlink.prom"), "utf8").includes(
      'nvlink_rx_bytes_total{controller="nvlink0",link="0",peer="gpu0"} 8192',
    ),
  );
  expect(statSync(path).ino).toBe(before);
});

test("hostile messages do not end it", async () => {
  const agent = await startAgent(program, twoControllers);
  for (const message of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 9000 }), 50))
    agent.send(Buffer.from(message));
  agent.send("x".repeat(100_000));
  await pause(100);
  setState(agent, "FAIL");
  agent.send(uevent("change", link));
  await until("it still follows", () => stateOf(agent) === "FAIL");
  expect(agent.said()).toBe("");
});

test("it ends at once and properly when it is asked to", async () => {
  const agent = await startAgent(program, twoControllers);
  expect(await agent.end("SIGTERM")).toBe(0);
  expect(topologyOf(agent).controllers).toHaveLength(2);
});

test("a second agent does not write to the same place", async () => {
  const agent = await startAgent(program, twoControllers);
  const second = run(program.agent, [...agent.args, "--once"]);
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("another agent");
});

test("in the background it goes on once its files are there", async () => {
  const folder = temporaryFolder();
  fakeSysfs(join(folder, "sys"), twoControllers);
  const args = [
    ...["--sysfs", join(folder, "sys"), "--run", join(folder, "run"), "--features", join(folder, "f")],
    ...["--listen", "none", "--interval", "1", "--background"],
  ];
  expect(run(program.agent, args)).toEqual({ status: 0, stdout: "", stderr: "" });
  const child = Number(readFileSync(join(folder, "run/nvlink-agent.lock"), "utf8"));
  onTestFinished(() => void process.kill(child, "SIGKILL"));
  expect(
    NvlinkTopology.parse(JSON.parse(readFileSync(join(folder, "run/nvlink-topology.json"), "utf8"))).gpus,
  ).toHaveLength(3);
  writeFileSync(join(folder, "sys/class/nvlink/nvlink0-link0/rx_bytes"), "77\n");
  await until("it still writes", () =>
    readFileSync(join(folder, "run/node-exporter/nvlink.prom"), "utf8").includes("} 77\n"),
  );
});

test("where uevents end, it looks at the interval", async () => {
  const agent = await startAgent(program, twoControllers, ["--interval", "1"]);
  agent.close();
  await until("it says so", () => agent.said().includes("no more uevents"));
  setState(agent, "FAULT");
  await until("the new state", () => stateOf(agent) === "FAULT");
});

/** What the program thinks of messages, read one by one from memory of exactly their size. */
function judged(messages: readonly Uint8Array[]): string[] {
  const framed = messages.flatMap((message) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(message.length);
    return [length, message];
  });
  const ended = run(join(judge, "judge"), ["uevent"], Buffer.concat(framed));
  expect(ended.stderr).toBe("");
  return ended.stdout.trimEnd().split("\n");
}

test("a message is ours only where it is whole and names our class", () => {
  const good = uevent("change", link);
  const cases: [string, string][] = [
    [good, "ours"],
    ["add@/x\0SUBSYSTEM=nvlink\0", "ours"],
    ["add@/x\0SUBSYSTEM=nvlink", "other"],
    ["add@/x\0SUBSYSTEM=nvlinks\0", "other"],
    ["add@/x\0XSUBSYSTEM=nvlink\0", "other"],
    ["add/x\0SUBSYSTEM=nvlink\0", "other"],
    ["libudev\0\xfe\xed\xca\xfe", "other"],
    ["SUBSYSTEM=nvlink\0", "other"],
    ["@", "other"],
    ["\0", "other"],
    ["", "other"],
  ];
  expect(judged(cases.map(([message]) => Buffer.from(message, "latin1")))).toEqual(
    cases.map(([, verdict]) => verdict),
  );
});

test("no bytes make it read past a message's end", () => {
  const parts = fc.constantFrom("add@", "/x", "\0", "SUBSYSTEM=", "nvlink", "=", "@", "A");
  const almost = fc.array(parts, { maxLength: 12 }).map((all) => Buffer.from(all.join("")));
  const messages = fc.sample(fc.oneof(almost, fc.uint8Array({ maxLength: 64 })), 3000);
  const expected = messages.map((message) => {
    const [head = "", ...pairs] = Buffer.from(message).toString("latin1").split("\0");
    const whole = pairs.length > 0 && head.includes("@");
    return whole && pairs.slice(0, -1).includes("SUBSYSTEM=nvlink") ? "ours" : "other";
  });
  expect(judged(messages)).toEqual(expected);
});
