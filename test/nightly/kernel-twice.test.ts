import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nvlab, testLock } from "../support/program.ts";

test("the whole target, kernel and all, made anew gives the same manifest to the byte", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-nightly-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const base = ["--lock", testLock(), "build", "qemu-virt", "--no-frozen", "--out"];
  expect((await nvlab([...base, join(folder, "a")])).status).toBe(0);
  const again = await nvlab([
    ...base,
    join(folder, "b"),
    "--rebuild",
    "linux",
    "initramfs",
    "boot.itb",
    "disk.img",
  ]);
  expect(again.status, again.stderr).toBe(0);
  const manifest = (name: string): string => readFileSync(join(folder, name, "manifest.json"), "utf8");
  expect(manifest("b")).toBe(manifest("a"));
});
