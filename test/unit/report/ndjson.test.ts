import { expect, test } from "vitest";
import type { BuildEvent } from "../../../src/report/event.ts";
import { ndjsonRenderer } from "../../../src/report/ndjson.ts";
import { silentRenderer } from "../../../src/report/silent.ts";
import { play, smallBuild } from "./events.ts";

async function eventsOf(events: readonly BuildEvent[], verbose: boolean): Promise<unknown[]> {
  const lines: string[] = [];
  await play(
    ndjsonRenderer((line) => lines.push(line), verbose),
    events,
  );
  expect(lines.every((line) => line.endsWith("\n") && line.indexOf("\n") === line.length - 1)).toBe(true);
  return lines.map((line) => JSON.parse(line) as unknown);
}

test("every event is a line of JSON, and what steps print is left out", async () => {
  expect(await eventsOf(smallBuild, false)).toEqual(smallBuild.filter(({ type }) => type !== "node-output"));
});

test("verbose lines have what steps print too", async () => {
  expect(await eventsOf(smallBuild, true)).toEqual(smallBuild);
});

test("the progress of a download is told once a second", async () => {
  const progress = Array.from({ length: 100 }, (_, index): BuildEvent => ({
    type: "download-progress",
    at: index * 50,
    file: "a",
    received: index,
    bytes: 100,
  }));
  expect(await eventsOf(progress, false)).toHaveLength(5);
});

test("the silent renderer takes every event and says nothing", async () => {
  await expect(play(silentRenderer())).resolves.toBeUndefined();
});
