import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStepLog } from "../../../src/exec/step-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const full = (): never => {
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
};

it("appends what it is given, byte for byte", () => {
  const path = join(folder, "log");
  for (const text of ["one\n", "two"]) {
    const log = openStepLog(path);
    if (!log.ok) throw new Error("not opened");
    log.value.write(Buffer.from(text));
    log.value.close();
    expect(log.value.failure).toBeUndefined();
  }
  expect(readFileSync(path, "utf8")).toBe("one\ntwo");
});

it("says that the disk is full, once, and how to free space", () => {
  const log = openStepLog(join(folder, "log"), full);
  if (!log.ok) throw new Error("not opened");
  log.value.write(Buffer.from("x"));
  log.value.write(Buffer.from("y"));
  expect(log.value.failure).toMatchObject({ code: "NVLAB_DISK_FULL" });
  expect(log.value.failure?.hint).toContain("nvlab gc");
  log.value.close();
});

it("fails as a value where the log cannot be made", () => {
  const log = openStepLog(join(folder, "nowhere", "log"));
  expect(log).toMatchObject({ ok: false, failures: [{ code: "NVLAB_STORE" }] });
});
