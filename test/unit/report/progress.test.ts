import { expect, test } from "vitest";
import type { BuildEvent } from "../../../src/report/event.ts";
import { trackProgress } from "../../../src/report/progress/progress.ts";
import type { ProgressRow } from "../../../src/report/progress/row.ts";
import { smallBuild } from "./events.ts";

/** The rows after all events up to a time. */
function rowsAt(now: number, events: readonly BuildEvent[] = smallBuild): ProgressRow[] {
  const progress = trackProgress();
  events.filter((event) => event.at <= now).forEach(progress.see);
  return progress.rows(now);
}

const textsAt = (now: number): string[] => rowsAt(now).map((row) => `${row.state}: ${row.text}`);

test("before anything takes time there is nothing to show", () => {
  expect(rowsAt(50)).toEqual([]);
});

test("downloads show how many, how much and how fast", () => {
  expect(textsAt(200)).toEqual(["running: downloads  0 of 1 file, 500 B of 1000 B  4.9 KiB/s"]);
});

test("a root shows how many of its packages are unpacked", () => {
  expect(textsAt(1400).at(-1)).toBe("running: root build  unpacking 1 of 2 packages  0.2 s");
  expect(textsAt(2100).at(-1)).toBe("done: root build  unpacked in 0.8 s");
});

test("a component at work shows its step, the learned percentage, its time and the current file", () => {
  expect(textsAt(2500).at(-1)).toBe("running: opensbi  build  40 %  0.3 s  CC lib/sbi/sbi_init.o");
});

test("between two steps of its plan a component is still running", () => {
  expect(textsAt(2390).at(-1)).toBe("running: opensbi  0.2 s");
});

test("at the end each component that was worked on has one row, and what came from the store has none", () => {
  expect(textsAt(13_000)).toEqual([
    "done: downloads  1 file, 1000 B in 1.0 s",
    "warning: linux.tar.xz: trying again, mirror: connection reset",
    "done: root build  unpacked in 0.8 s",
    "done: opensbi  built in 7.2 s",
    "failed: linux  failed after 3.0 s",
    "warning: the store entry was altered (it is built anew)",
  ]);
});

test("two steps of a component at once are both named", () => {
  const events: BuildEvent[] = [
    { type: "node-started", at: 0, node: "linux/a", component: "linux" },
    { type: "node-started", at: 0, node: "linux/b", component: "linux" },
  ];
  expect(rowsAt(1000, events).map((row) => row.text)).toEqual(["linux  a  b  1.0 s"]);
});

test("downloads that begin after the first ones ended get a row of their own", () => {
  const download = (at: number, file: string): BuildEvent[] => [
    { type: "download-started", at, file, bytes: 10 },
    { type: "download-finished", at: at + 500, file, bytes: 10 },
  ];
  const rows = rowsAt(9000, [...download(0, "a"), ...download(5000, "b")]);
  expect(rows.map((row) => row.text)).toEqual([
    "downloads  1 file, 10 B in 0.5 s",
    "downloads  1 file, 10 B in 0.5 s",
  ]);
});
