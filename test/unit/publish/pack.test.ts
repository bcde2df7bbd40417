import { chmodSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { list } from "tar";
import { expect, test } from "vitest";
import { packRelease, repackRelease } from "../../../src/publish/pack.ts";
import { renderManifest } from "../../../src/release/render.ts";
import { temporaryFolder, writeFiles } from "../../support/project.ts";
import { sampleContents, sampleManifest } from "../release/sample.ts";

/** A release folder whose files were made in this order, at this time, under this umask. */
function release(order: (paths: string[]) => string[], seconds: number, mask: number): string {
  const folder = join(temporaryFolder(), "1.2.0/qemu-virt");
  const files: Record<string, string> = {
    ...sampleContents,
    "manifest.json": renderManifest(sampleManifest()),
  };
  for (const path of order(Object.keys(files))) {
    const absolute = join(folder, path);
    mkdirSync(dirname(absolute), { recursive: true, mode: 0o777 & ~mask });
    writeFileSync(absolute, files[path] ?? "", { mode: 0o666 & ~mask });
    utimesSync(absolute, seconds, seconds);
  }
  chmodSync(join(folder, "debug/vmlinux"), 0o777 & ~mask);
  return folder;
}

async function packed(folder: string): Promise<{ path: string; bytes: Buffer }> {
  const result = await packRelease(folder);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return { path: result.value.path, bytes: readFileSync(result.value.path) };
}

test("a release folder becomes the same archive whoever makes it, and whenever", async () => {
  const one = await packed(release((paths) => paths, 1_000_000_000, 0o022));
  const other = await packed(release((paths) => paths.reverse(), 1_700_000_000, 0o077));
  expect(one.path).toMatch(/\/1\.2\.0\/lab-1\.2\.0-qemu-virt\.tar\.gz$/);
  expect(other.bytes.equals(one.bytes)).toBe(true);
});

test("the archive has sorted names below one folder, no owner, the epoch as its time, and no name in its header", async () => {
  const { path, bytes } = await packed(release((paths) => paths, 1_000_000_000, 0o022));
  const entries: {
    path: string;
    mode: number | undefined;
    uid: number | undefined;
    time: number | undefined;
  }[] = [];
  await list({
    file: path,
    onReadEntry: ({ path: name, mode, uid, mtime }) => {
      entries.push({ path: name, mode, uid, time: mtime?.getTime() });
    },
  });
  expect(entries.map(({ path: name, mode }) => `${name} ${(mode ?? 0).toString(8)}`)).toEqual([
    "lab-1.2.0-qemu-virt/config/ 755",
    "lab-1.2.0-qemu-virt/config/linux.config 644",
    "lab-1.2.0-qemu-virt/debug/ 755",
    "lab-1.2.0-qemu-virt/debug/vmlinux 755",
    "lab-1.2.0-qemu-virt/fw_dynamic.bin 644",
    "lab-1.2.0-qemu-virt/manifest.json 644",
  ]);
  // Of folders the archive holds no time.
  for (const { path: name, uid, time } of entries) {
    expect([uid, time]).toEqual([undefined, name.endsWith("/") ? undefined : sampleManifest().epoch * 1000]);
  }
  // RFC 1952: no flags, so no name; no time; an operating system that is not known.
  expect([...bytes.subarray(3, 10)]).toEqual([0, 0, 0, 0, 0, 0, 255]);
  expect(gunzipSync(bytes).length % 512).toBe(0);
});

test("an archive is made again only where there was one", async () => {
  const folder = release((paths) => paths, 1_000_000_000, 0o022);
  expect(await repackRelease(folder)).toEqual({ ok: true, value: undefined });
  const before = await packed(folder);
  writeFiles(folder, { "manifest.json.minisig": "signature\n" });
  const again = await repackRelease(folder);
  expect(again).toMatchObject({ ok: true, value: { path: before.path } });
  expect(readFileSync(before.path).equals(before.bytes)).toBe(false);
});

test("a folder without a manifest that can be read is not packed", async () => {
  const folder = release((paths) => paths, 1_000_000_000, 0o022);
  renameSync(join(folder, "manifest.json"), join(folder, "other.json"));
  const refused = { ok: false, failures: [{ code: "NVLAB_RELEASE" }] };
  expect(await packRelease(folder)).toMatchObject(refused);
  writeFiles(folder, { "manifest.json": "{}" });
  expect(await packRelease(folder)).toMatchObject(refused);
});
