import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { NvlinkTopology } from "../../../src/schemas/nvlink-topology.ts";
import { buildAgentProgram, buildJudge, run, type AgentProgram } from "./agent-program.ts";
import { twoControllers } from "./fake-sysfs.ts";
import { readMetrics } from "./prometheus.ts";
import { startAgent, until, type RunningAgent } from "./running-agent.ts";

let program: AgentProgram;
let judge: string;

beforeAll(async () => {
  [program, judge] = await Promise.all([buildAgentProgram(), buildJudge()]);
});
afterAll(() => {
  program.remove();
  rmSync(judge, { recursive: true });
});

const get = (agent: RunningAgent, path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${agent.port}${path}`, init);

/** A client that sends what it likes; gives what came back when the connection ended. */
function talk(agent: RunningAgent, bytes: string | Uint8Array): { socket: Socket; all: Promise<string> } {
  const socket = connect(agent.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  const all = new Promise<string>((resolve) => {
    socket.once("close", () => resolve(text));
    socket.once("error", () => resolve(text));
  });
  socket.write(bytes);
  return { socket, all };
}

test("metrics, topology and health are served", async () => {
  const agent = await startAgent(program, twoControllers);
  const metrics = await get(agent, "/metrics");
  expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(readMetrics(await metrics.text()).length).toBeGreaterThan(80);
  const topology = await get(agent, "/topology.json?pretty");
  expect(topology.headers.get("content-type")).toBe("application/json");
  expect(NvlinkTopology.parse(await topology.json()).gpus).toHaveLength(3);
  expect(await (await get(agent, "/healthz")).text()).toBe("ok\n");
});

test("anything else is refused with the status that says why", async () => {
  const agent = await startAgent(program, twoControllers);
  expect((await get(agent, "/")).status).toBe(404);
  expect((await get(agent, "/metrics/../../etc/passwd")).status).toBe(404);
  const posted = await get(agent, "/metrics", { method: "POST", body: "x".repeat(100_000) });
  expect(posted.status).toBe(405);
  expect(posted.headers.get("allow")).toBe("GET");
  expect((await get(agent, "/metrics", { headers: { large: "x".repeat(9000) } })).status).toBe(431);
  expect(await talk(agent, "GET /metrics HTTP/2.0\r\n\r\n").all).toMatch(/^HTTP\/1\.1 505 /);
  expect(await talk(agent, "hello\r\n\r\n").all).toMatch(/^HTTP\/1\.1 400 /);
});

test("a request that comes byte by byte is understood", async () => {
  const agent = await startAgent(program, twoControllers);
  const { socket, all } = talk(agent, "G");
  socket.setNoDelay(true);
  for (const byte of "ET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") {
    socket.write(byte);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(await all).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\nok\n$/);
});

test("slow clients are ended in time and keep nobody out meanwhile", async () => {
  const agent = await startAgent(program, twoControllers);
  const begin = Date.now();
  const last = talk(agent, "GET /metrics HT");
  await until("it is connected", () => last.socket.readyState === "open");
  // One place is left free, so that this one is not the one that makes room.
  const slow = Array.from({ length: 14 }, () => talk(agent, "GET /metr"));
  await until("all are connected", () => slow.every(({ socket }) => socket.readyState === "open"));
  expect((await get(agent, "/healthz")).status).toBe(200);
  expect(await last.all).toMatch(/^HTTP\/1\.1 408 /);
  expect(Date.now() - begin).toBeGreaterThan(4000);
  expect(Date.now() - begin).toBeLessThan(15_000);
});

test("more clients than there is room for push out the oldest, and a scrape still works", async () => {
  const agent = await startAgent(program, twoControllers);
  const idle = Array.from({ length: 60 }, () => talk(agent, "G"));
  await until("all are connected", () => idle.every(({ socket }) => socket.readyState !== "opening"));
  const begin = Date.now();
  expect((await get(agent, "/healthz")).status).toBe(200);
  expect(Date.now() - begin).toBeLessThan(3000);
});

test("many scrapes at once are all answered in full", async () => {
  const agent = await startAgent(program, twoControllers);
  const texts = await Promise.all(
    Array.from({ length: 8 }, async () => (await get(agent, "/metrics")).text()),
  );
  for (const text of texts) expect(readMetrics(text).length).toBeGreaterThan(80);
});

test("clients that send rubbish, leave early or never read do not end it", async () => {
  const agent = await startAgent(program, twoControllers);
  const rubbish = fc.sample(fc.uint8Array({ maxLength: 6000 }), 60);
  for (const bytes of rubbish) talk(agent, bytes).socket.end();
  for (let i = 0; i < 30; i++) {
    const { socket } = talk(agent, "GET /metrics HTTP/1.1\r\n\r\n");
    if (i % 2 === 0) socket.once("connect", () => void socket.resetAndDestroy());
    else socket.pause();
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await get(agent, "/metrics")).status).toBe(200);
  expect(agent.said()).toBe("");
  expect(await agent.end("SIGTERM")).toBe(0);
});

test("an address that is taken leaves it without a server, one that is none ends it", async () => {
  const agent = await startAgent(program, twoControllers);
  const other = await startAgent(program, twoControllers, ["--listen", `127.0.0.1:${agent.port}`]);
  expect(other.said()).toContain("no metrics by HTTP");
  for (const address of [
    "localhost:80",
    "127.0.0.1",
    "127.0.0.1:65536",
    ":1",
    "1.2.3.4:",
    "[::1:80",
    "127.0.0.1:1x",
  ])
    expect(
      run(program.agent, [...other.args, "--run", join(other.out, "x"), "--listen", address]).status,
    ).toBe(2);
});

function judged(requests: readonly Uint8Array[]): string[] {
  const framed = requests.flatMap((request) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    return [length, request];
  });
  const ended = run(join(judge, "judge"), ["request"], Buffer.concat(framed));
  expect(ended.stderr).toBe("");
  return ended.stdout.trimEnd().split("\n");
}

test("requests are judged when they are complete, by their first line", () => {
  const cases: [string, string][] = [
    ["GET /a HTTP/1.1\r\n\r\n", "200 /a"],
    ["GET /a?b=c HTTP/1.0\n\n", "200 /a"],
    ["GET /a HTTP/1.1\r\nHost: b\r\n\r\nrest", "200 /a"],
    ["GET /a HTTP/1.1\r\n", "0"],
    ["GET /a HTTP/1.1\r\nHost: b\r\n", "0"],
    ["", "0"],
    ["x".repeat(4096), "431"],
    ["x".repeat(4095), "0"],
    ["HEAD /a HTTP/1.1\r\n\r\n", "405"],
    ["GET a HTTP/1.1\r\n\r\n", "400"],
    ["GET /a\r\n\r\n", "400"],
    ["GET /a b HTTP/1.1\r\n\r\n", "400"],
    [" /a HTTP/1.1\r\n\r\n", "400"],
    ["GET /a\0 HTTP/1.1\r\n\r\n", "400"],
    ["GET /a HTTP/3\r\n\r\n", "505"],
    ["\r\n\r\n", "400"],
  ];
  expect(judged(cases.map(([request]) => Buffer.from(request)))).toEqual(cases.map(([, verdict]) => verdict));
});

test("no request makes it read past its end", () => {
  const parts = fc.constantFrom("GET", " ", "/", "a", "\r\n", "\n", "HTTP/1.1", "\0", "?");
  const almost = fc.array(parts, { maxLength: 12 }).map((all) => Buffer.from(all.join("")));
  const requests = fc.sample(fc.oneof(almost, fc.uint8Array({ maxLength: 64 })), 3000);
  for (const verdict of judged(requests)) expect(verdict).toMatch(/^(0|400|405|505|200 \/.*)$/);
});
