import { expect, test } from "vitest";
import type { BuildEvent } from "../../../src/report/event.ts";
import { colourless } from "../../../src/report/palette.ts";
import { plainRenderer } from "../../../src/report/plain.ts";
import { play, smallBuild } from "./events.ts";

async function linesOf(events: readonly BuildEvent[], verbose = false): Promise<string[]> {
  let text = "";
  await play(
    plainRenderer((part) => (text += part), colourless, verbose),
    events,
  );
  return text.split("\n").slice(0, -1);
}

test("a build reads as one line for each thing that begins or ends", async () => {
  expect(await linesOf(smallBuild)).toEqual([
    "[  0:00.0] qemu-virt: 5 steps, 4 components",
    "[  0:00.3] linux.tar.xz: trying again, mirror: connection reset",
    "[  0:01.1] downloaded 1 file, 1000 B in 1.0 s",
    "[  0:01.2] root build: unpacking 2 packages",
    "[  0:02.0] root build: ready",
    "[  0:02.2] opensbi/source: started",
    "[  0:02.3] opensbi/source: built in 0.1 s",
    "[  0:02.4] opensbi: started",
    "[  0:09.4] opensbi: built in 7.0 s",
    "[  0:09.5] linux: started",
    "[  0:12.5] linux: failed after 3.0 s",
    "[  0:12.6] boot.itb: skipped",
    "[  0:12.7] warning: the store entry was altered",
    "[  0:12.7]   hint: it is built anew",
  ]);
});

test("verbose lines also tell what steps print and what came from the store", async () => {
  const lines = await linesOf(smallBuild, true);
  expect(lines).toContain("[  0:02.5] opensbi:   CC        lib/sbi/sbi_init.o");
  expect(lines).toContain("[  0:02.1] u-boot: from the store");
});

test("hundreds of downloads make a line every ten seconds and one at the end", async () => {
  const events = Array.from({ length: 250 }, (_, index): BuildEvent[] => [
    { type: "download-started", at: index * 100, file: `${String(index)}.deb`, bytes: 2048 },
    { type: "download-finished", at: index * 100 + 50, file: `${String(index)}.deb`, bytes: 2048 },
  ]).flat();
  expect(await linesOf(events)).toEqual([
    "[  0:10.0] downloading: 100 of 101 files, 200.0 KiB of 202.0 KiB, 20.0 KiB/s",
    "[  0:20.0] downloading: 200 of 201 files, 400.0 KiB of 402.0 KiB, 20.0 KiB/s",
    "[  0:24.9] downloaded 250 files, 500.0 KiB in 24.9 s",
  ]);
});

test("a step that takes long gives a sign of life once a minute", async () => {
  const events: BuildEvent[] = [
    { type: "node-started", at: 0, node: "linux", component: "linux", expectedLines: 1000 },
    ...Array.from({ length: 180 }, (_, index): BuildEvent => ({
      type: "node-output",
      at: (index + 1) * 1000,
      node: "linux",
      line: `  CC  ${String(index)}.o`,
      lines: (index + 1) * 10,
    })),
  ];
  expect(await linesOf(events)).toEqual([
    "[  0:00.0] linux: started",
    "[  1:00.0] linux: 60 %, CC  59.o",
    "[  2:00.0] linux: 99 %, CC  119.o",
    "[  3:00.0] linux: 99 %, CC  179.o",
  ]);
});
