import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReleaseRequest, WrittenRelease } from "../../../src/release/release-request.ts";
import { temporaryName } from "../../../src/release/temporary-name.ts";
import { verifyRelease } from "../../../src/release/verify-release.ts";
import { writeRelease } from "../../../src/release/write-release.ts";
import { sampleContents, sampleFacts } from "../../unit/release/sample.ts";
import { put, requestIn, temporaryFolder } from "./folder.ts";

async function written(request: ReleaseRequest): Promise<WrittenRelease> {
  const result = await writeRelease(request);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

async function faults(out: string): Promise<readonly string[]> {
  const result = await verifyRelease(out);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value.faults.map(({ kind, path }) => `${kind} ${path}`);
}

const all = [
  "SHA256SUMS",
  ...Object.keys(sampleContents).filter((path) => path !== "SHA256SUMS"),
  "manifest.json",
].sort();

const withoutSymbols = Object.fromEntries(
  Object.entries(sampleContents).filter(([path]) => path !== "debug/vmlinux"),
);

describe("writing a release", () => {
  it("gives a folder that sha256sum -c and nvlab verify accept", async () => {
    const request = requestIn(temporaryFolder());
    const result = await written(request);
    expect(result.written).toEqual(all);
    expect(result.artifacts.map(({ path, size }) => [path, size])).toEqual(
      Object.entries(sampleContents).map(([path, content]) => [path, content.length]),
    );
    const said = execFileSync("sha256sum", ["-c", "--strict", "SHA256SUMS"], {
      cwd: request.out,
      encoding: "utf8",
    });
    expect(said.trim().split("\n")).toHaveLength(4);
    expect(await faults(request.out)).toEqual([]);
    expect(await faults(join(request.out, "manifest.json"))).toEqual([]);
  });

  it("writes the same manifest from another place", async () => {
    const [one, two] = [requestIn(temporaryFolder()), requestIn(temporaryFolder())];
    await written(one);
    await written({ ...two, artifacts: [...two.artifacts].reverse() });
    for (const name of ["manifest.json", "SHA256SUMS"]) {
      expect(readFileSync(join(one.out, name), "utf8")).toBe(readFileSync(join(two.out, name), "utf8"));
    }
  });

  it("never shares an inode with the store", async () => {
    const request = requestIn(temporaryFolder());
    await written(request);
    for (const { path, host } of request.artifacts) {
      expect(lstatSync(join(request.out, path)).ino).not.toBe(lstatSync(host).ino);
      expect(lstatSync(host).nlink).toBe(1);
    }
  });

  it("does nothing where nothing has changed, even where the store is gone", async () => {
    const request = requestIn(temporaryFolder());
    const first = await written(request);
    const before = readdirSync(request.out).map((name) => statSync(join(request.out, name)).ctimeMs);
    rmSync(join(request.cacheDir, "store"), { recursive: true });
    const again = await written(request);
    expect(again).toEqual({ artifacts: first.artifacts, written: [], removed: [], kept: [] });
    expect(readdirSync(request.out).map((name) => statSync(join(request.out, name)).ctimeMs)).toEqual(before);
  });

  it("copies only the artifact that has changed", async () => {
    const folder = temporaryFolder();
    await written(requestIn(folder));
    const result = await written(
      requestIn(folder, { ...sampleContents, "fw_dynamic.bin": "other firmware" }),
    );
    expect(result.written).toEqual(["SHA256SUMS", "fw_dynamic.bin", "manifest.json"]);
    expect(await faults(join(folder, "out/qemu-virt"))).toEqual([]);
  });

  it("writes only manifest and checksums where only a fact has changed", async () => {
    const request = requestIn(temporaryFolder());
    await written(request);
    const result = await written({ ...request, facts: { ...sampleFacts, releaseVersion: "1.2.1" } });
    expect(result.written).toEqual(["SHA256SUMS", "manifest.json"]);
    expect(await faults(request.out)).toEqual([]);
  });

  it("puts right what a user altered, removed or replaced", async () => {
    const request = requestIn(temporaryFolder());
    await written(request);
    writeFileSync(join(request.out, "fw_dynamic.bin"), "FIRMWARE");
    rmSync(join(request.out, "debug"), { recursive: true });
    rmSync(join(request.out, "SHA256SUMS"));
    renameSync(join(request.out, "manifest.json"), join(request.out, "moved"));
    symlinkSync("moved", join(request.out, "manifest.json"));
    const result = await written(request);
    expect(result.written).toEqual(["SHA256SUMS", "debug/vmlinux", "fw_dynamic.bin", "manifest.json"]);
    expect(await faults(request.out)).toEqual(["extra moved"]);
  });

  it("does all of it again where the stamp is lost or spoilt", async () => {
    const request = requestIn(temporaryFolder());
    await written(request);
    const [name = ""] = readdirSync(join(request.cacheDir, "outs"));
    for (const spoilt of ["", "null", "[]", '{"stampVersion":1}']) {
      writeFileSync(join(request.cacheDir, "outs", name), spoilt);
      expect((await written(request)).written).toEqual(Object.keys(sampleContents).sort());
      expect(await faults(request.out)).toEqual([]);
    }
  });

  it("removes what is no artifact any more, with its folder, and nothing else", async () => {
    const folder = temporaryFolder();
    const request = requestIn(folder);
    await written(request);
    put(request.out, "notes.txt", "mine");
    const result = await written(requestIn(folder, withoutSymbols));
    expect(result.removed).toEqual(["debug/vmlinux"]);
    expect(existsSync(join(request.out, "debug"))).toBe(false);
    expect(readFileSync(join(request.out, "notes.txt"), "utf8")).toBe("mine");
  });

  it("knows from the manifest what to remove where the stamp is lost", async () => {
    const folder = temporaryFolder();
    const request = requestIn(folder);
    await written(request);
    rmSync(join(request.cacheDir, "outs"), { recursive: true });
    expect((await written(requestIn(folder, withoutSymbols))).removed).toEqual(["debug/vmlinux"]);
  });

  it("leaves alone what someone else put in place of a former artifact", async () => {
    const folder = temporaryFolder();
    const request = requestIn(folder);
    await written(request);
    writeFileSync(join(request.out, "debug/vmlinux"), "my own notes");
    const result = await written(requestIn(folder, withoutSymbols));
    expect([result.removed, result.kept]).toEqual([[], ["debug/vmlinux"]]);
    expect(readFileSync(join(request.out, "debug/vmlinux"), "utf8")).toBe("my own notes");
  });

  it("removes nothing outside the folder, whatever a forged manifest lists", async () => {
    const folder = temporaryFolder();
    const request = requestIn(folder);
    await written(request);
    put(folder, "out/victim", "firmware");
    symlinkSync("..", join(request.out, "up"));
    const text = readFileSync(join(request.out, "manifest.json"), "utf8");
    for (const path of ["../victim", "up/victim"]) {
      writeFileSync(
        join(request.out, "manifest.json"),
        text.replace('"fw_dynamic.bin"', JSON.stringify(path)),
      );
      await written(request);
      expect(existsSync(join(folder, "out/victim"))).toBe(true);
    }
  });

  it("lets a name change from file to folder", async () => {
    const folder = temporaryFolder();
    await written(requestIn(folder, { debug: "a file" }));
    const result = await written(requestIn(folder, { "debug/vmlinux": "symbols" }));
    expect(result.removed).toEqual(["debug"]);
    expect(await faults(join(folder, "out/qemu-virt"))).toEqual([]);
  });

  it("refuses to write through a link, and says which", async () => {
    const folder = temporaryFolder();
    const request = requestIn(folder);
    mkdirSync(join(folder, "elsewhere"));
    mkdirSync(request.out, { recursive: true });
    symlinkSync(join(folder, "elsewhere"), join(request.out, "debug"));
    const result = await writeRelease(request);
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_OUT" }] });
    expect(JSON.stringify(result)).toContain("debug is a link, not a folder.");
    expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
    expect(existsSync(join(request.out, "manifest.json"))).toBe(false);
  });

  it("never lets a stored file that was altered or lost into the folder", async () => {
    const request = requestIn(temporaryFolder());
    writeFileSync(request.artifacts[0]?.host ?? "", "tampered");
    rmSync(request.artifacts[1]?.host ?? "");
    const result = await writeRelease(request);
    expect(result.ok ? [] : result.failures.map(({ code, message }) => [code, message])).toEqual([
      ["NVLAB_STORE", "The stored output for fw_dynamic.bin does not hold what was put there."],
      ["NVLAB_STORE", "The stored output for debug/vmlinux is not there any more."],
    ]);
    expect(readdirSync(request.out)).toEqual(["config"]);
  });

  it("removes what a killed build left half-copied", async () => {
    const request = requestIn(temporaryFolder());
    const mine = temporaryName();
    put(request.out, mine, "of a process that lives");
    put(request.out, mine.replace(/-\d+-/, "-4194303-"), "half");
    put(request.out, ".nvlab-notes", "a person's");
    await written(request);
    expect(readdirSync(request.out).filter((name) => name.startsWith("."))).toEqual([mine, ".nvlab-notes"]);
  });

  it("lets two builds write to one folder at once, one after the other", async () => {
    const folder = temporaryFolder();
    const [one, two] = [requestIn(folder), requestIn(folder, { "disk.img": "another" })];
    await Promise.all([written(one), written(two), written(one)]);
    expect(await faults(one.out)).toEqual([]);
  });

  it("fails as a value where the folder cannot be made", async () => {
    const folder = temporaryFolder();
    const request = requestIn(folder);
    put(folder, "out", "a file");
    expect(await writeRelease(request)).toMatchObject({ ok: false, failures: [{ code: "NVLAB_OUT" }] });
  });

  it("says so where the disk is full", async (test) => {
    const small = temporaryFolder();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small], { stdio: "ignore" });
    } catch {
      test.skip("only root may mount a small file system");
    }
    try {
      const request = {
        ...requestIn(temporaryFolder(), { "disk.img": "x".repeat(200_000) }),
        out: join(small, "out"),
      };
      const result = await writeRelease(request);
      expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_DISK_FULL" }] });
      expect(readdirSync(join(small, "out"))).toEqual([]);
    } finally {
      execFileSync("umount", [small]);
    }
  });

  it("stops where it is interrupted and leaves no manifest", async () => {
    const request = requestIn(temporaryFolder());
    const result = await writeRelease({ ...request, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
    expect(existsSync(request.out)).toBe(false);
  });
});
