import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { BuildEvent } from "../../../src/report/event.ts";
import { liveRenderer } from "../../../src/report/live.ts";
import { deferredRenderer } from "../../../src/report/deferred.ts";
import { silentRenderer } from "../../../src/report/silent.ts";
import { withoutEscapes } from "../../../src/report/text-width.ts";
import { play, smallBuild } from "./events.ts";

/** What a terminal has got, without colours and movements. */
function fakeTerminal(columns: number): { terminal: NodeJS.WriteStream; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const terminal = Object.assign(stream, { columns, rows: 40, isTTY: true }) as unknown as NodeJS.WriteStream;
  return { terminal, text: () => withoutEscapes(Buffer.concat(chunks).toString()) };
}

async function playLive(events: readonly BuildEvent[], columns = 100): Promise<string> {
  const { terminal, text } = fakeTerminal(columns);
  const renderer = liveRenderer(terminal, () => events.at(-1)?.at ?? 0);
  await play(renderer, events);
  return text();
}

test("the last picture on the terminal has a row for everything that took time", async () => {
  const picture = await playLive(smallBuild);
  for (const row of [
    "✔ downloads  1 file, 1000 B in 1.0 s",
    "✔ root build  unpacked in 0.8 s",
    "✔ opensbi  built in 7.2 s",
    "✖ linux  failed after 3.0 s",
    "the store entry was altered (it is built anew)",
  ]) {
    expect(picture).toContain(row);
  }
  expect(picture).not.toContain("u-boot");
});

test("what is still running when it ends is not shown as done", async () => {
  const picture = await playLive([{ type: "node-started", at: 0, node: "linux", component: "linux" }]);
  expect(picture).toContain("linux  build");
  expect(picture).not.toContain("✔");
});

test("a row is never longer than the terminal is wide", async () => {
  const picture = await playLive(
    [
      { type: "node-started", at: 0, node: "linux", component: "linux" },
      { type: "node-output", at: 1, node: "linux", line: "x".repeat(300), lines: 1 },
    ],
    60,
  );
  expect(picture).toContain("…");
  expect(Math.max(...picture.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
});

test("it leaves no listener for signals behind", async () => {
  const before = process.listenerCount("SIGINT");
  await playLive(smallBuild);
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test("the live view is not loaded when nothing takes time, and notices are shown all the same", async () => {
  const shown: BuildEvent[] = [];
  const brief = { ...silentRenderer(), emit: (event: BuildEvent) => void shown.push(event) };
  const notice: BuildEvent = { type: "notice", at: 1, level: "info", message: "hello" };
  const cached: BuildEvent = {
    type: "node-finished",
    at: 2,
    node: "a",
    component: "a",
    outcome: "cached",
    wall: 0,
  };
  await play(
    deferredRenderer(() => Promise.reject(new Error("loaded")), brief),
    [notice, cached],
  );
  expect(shown).toEqual([notice]);
});

test("the live view gets every event, also those from before it was loaded", async () => {
  const shown: BuildEvent[] = [];
  const live = { ...silentRenderer(), emit: (event: BuildEvent) => void shown.push(event) };
  await play(
    deferredRenderer(() => Promise.resolve(live), silentRenderer()),
    smallBuild,
  );
  expect(shown).toEqual(smallBuild);
});
