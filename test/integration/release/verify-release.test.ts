import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { hashFile } from "../../../src/release/hash-file.ts";
import { verifyRelease } from "../../../src/release/verify-release.ts";
import { writeRelease } from "../../../src/release/write-release.ts";
import { digestsOf } from "../../unit/release/sample.ts";
import { put, requestIn, temporaryFolder } from "./folder.ts";

let out = "";

beforeEach(async () => {
  const request = requestIn(temporaryFolder());
  await writeRelease(request);
  out = request.out;
});

async function faults(path = out): Promise<readonly string[]> {
  const result = await verifyRelease(path);
  return result.ok
    ? result.value.faults.map((fault) => `${fault.kind} ${fault.path}`)
    : result.failures.map(({ code }) => code);
}

describe("verifying a folder", () => {
  it("takes the folder, a link to it, or its manifest.json", async () => {
    const link = join(temporaryFolder(), "latest");
    symlinkSync(out, link);
    for (const path of [out, `${out}/`, link, join(out, "manifest.json")])
      expect(await faults(path)).toEqual([]);
  });

  it("knows what nvlab adds later", async () => {
    for (const name of ["build-report.json", "test-results.json", "junit.xml", "logs/linux.log"]) {
      put(out, name, "x");
    }
    expect(await faults()).toEqual([]);
  });

  it("fails where there is nothing to check", async () => {
    expect(await faults(join(out, "nowhere"))).toEqual(["NVLAB_FILE_MISSING"]);
    expect(await faults(join(out, "fw_dynamic.bin"))).toEqual(["NVLAB_USAGE"]);
    expect(await faults(join(out, "debug"))).toEqual(["manifest-missing manifest.json"]);
  });

  it("follows no link: not the manifest's, not a file's, not a folder's", async () => {
    const elsewhere = temporaryFolder();
    execFileSync("cp", ["-r", `${out}/.`, elsewhere]);
    for (const name of ["fw_dynamic.bin", "debug", "SHA256SUMS"]) {
      rmSync(join(out, name), { recursive: true });
      symlinkSync(join(elsewhere, name), join(out, name));
    }
    expect([...(await faults())].sort()).toEqual([
      "extra debug",
      "link SHA256SUMS",
      "link fw_dynamic.bin",
      "missing debug/vmlinux",
    ]);
    rmSync(join(out, "manifest.json"));
    symlinkSync(join(elsewhere, "manifest.json"), join(out, "manifest.json"));
    expect(await faults()).toEqual(["manifest-missing manifest.json"]);
  });

  it("does not wait for a pipe", async () => {
    rmSync(join(out, "fw_dynamic.bin"));
    execFileSync("mkfifo", [join(out, "fw_dynamic.bin"), join(out, "pipe")]);
    expect(await faults()).toEqual(["not-a-file fw_dynamic.bin", "extra pipe"]);
  });

  it("lists a strange folder once, however much it holds", async () => {
    for (const name of ["a", "b", "c/d"]) put(out, `strange/${name}`, "x");
    put(out, "debug/more", "x");
    mkdirSync(join(out, "empty"));
    expect(await faults()).toEqual(["extra debug/more", "extra empty", "extra strange"]);
  });

  it("refuses a manifest of more than 16 MiB unread", async () => {
    truncateSync(join(out, "manifest.json"), 16 * 1024 * 1024 + 1);
    expect(await faults()).toEqual(["manifest-too-large manifest.json"]);
  });

  it.skipIf(process.getuid?.() === 0)("says what it may not read", async () => {
    chmodSync(join(out, "fw_dynamic.bin"), 0);
    expect(await faults()).toEqual(["unreadable fw_dynamic.bin"]);
  });

  it("can be interrupted", async () => {
    await expect(verifyRelease(out, AbortSignal.abort())).rejects.toThrow();
  });
});

describe("hashing a file", () => {
  it("gives both digests and the size of files around the chunk size", async () => {
    const folder = temporaryFolder();
    for (const size of [0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1]) {
      const content = "nvlab".repeat(1 + size / 5).slice(0, size);
      expect(await hashFile(put(folder, "file", content))).toEqual(digestsOf(content));
    }
  });

  it("keeps memory flat however large the file", async () => {
    const path = join(temporaryFolder(), "large");
    writeFileSync(path, "");
    truncateSync(path, 256 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    await hashFile(path);
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024);
  });

  it("follows no link", async () => {
    symlinkSync("fw_dynamic.bin", join(out, "link"));
    await expect(hashFile(join(out, "link"))).rejects.toMatchObject({ code: "ELOOP" });
  });
});
