#!/usr/bin/env -S npx tsx
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { composeProvenance } from "../src/attest/provenance.ts";
import { renderStatement } from "../src/attest/statement.ts";
import type { Lock } from "../src/lock/lock.ts";
import { releaseChecksums } from "../src/release/checksums.ts";
import { hashFile } from "../src/release/hash-file.ts";
import { fileIntegrity } from "../src/release/integrity.ts";
import type { Manifest, ManifestArtifact, ManifestDocument } from "../src/release/manifest.ts";
import { renderManifest } from "../src/release/render.ts";
import { makeKey, writeKey } from "../src/sign/make-key.ts";
import { signRelease } from "../src/trust/sign-release.ts";
import { median, row, wallSeconds } from "./measure.ts";

/**
 * `nvlab verify --key` beside `sha256sum -c` on the same files, and its memory on an artifact of 4 GiB. A release folder
 * may be given, signed with a key whose public half is given after it; one of 600 MB is made without.
 */
const nvlab = resolve(import.meta.dirname, "../bin/nvlab");
const scratch = mkdtempSync(join(tmpdir(), "nvlab-verify-"));
const megabyte = 1024 * 1024;

/** Prints the largest resident size of a process on a line of its own when it ends, in kilobytes. */
const meter = join(scratch, "meter.cjs");
writeFileSync(
  meter,
  'process.on("exit", () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\\n`));\n',
);

async function verify(folder: string, key: string): Promise<number> {
  const child = spawn(process.execPath, [nvlab, "verify", folder, "--key", key], {
    env: { ...process.env, NODE_OPTIONS: `--require ${meter}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise<number | null>((ended) => child.on("close", ended));
  if (status !== 0) throw new Error(said);
  return Number(/^peak (\d+)$/m.exec(said)?.[1]) / 1024;
}

/** Makes and signs a release whose artifacts are these files of the folder; the value is the public key's path. */
async function release(folder: string, paths: readonly string[]): Promise<string> {
  const artifacts: ManifestArtifact[] = [];
  for (const path of paths) {
    const { size, ...digests } = await hashFile(join(folder, path));
    artifacts.push({ path, kind: "disk", component: "bench", size, integrity: fileIntegrity(digests) });
  }
  const sri = `sha256-${"A".repeat(43)}=`;
  const tool = { name: "gcc", version: "1", purl: "pkg:deb/debian/gcc@1" };
  const manifest: Manifest = {
    schemaVersion: 3,
    project: { name: "bench", commit: null, dirty: false },
    releaseVersion: "1.0.0",
    target: "bench",
    epoch: 0,
    lock: sri,
    toolchain: { root: sri, packages: 0, compiler: tool, binutils: tool },
    incremental: false,
    components: [],
    artifacts,
  };
  const lock: Lock = { lockVersion: 1, epoch: 0, sources: {}, roots: {} };
  const subject = { builder: "https://bench.example.org", version: "0", manifest, lock, root: "build" };
  const provenance = renderStatement(composeProvenance({ ...subject, documents: [] }));
  writeFileSync(join(folder, "provenance.intoto.json"), provenance);
  const { size, ...digests } = await hashFile(join(folder, "provenance.intoto.json"));
  const document: ManifestDocument = {
    path: "provenance.intoto.json",
    kind: "provenance",
    size,
    integrity: fileIntegrity(digests),
  };
  const whole = { ...manifest, documents: [document] };
  const text = renderManifest(whole);
  writeFileSync(join(folder, "manifest.json"), text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  writeFileSync(join(folder, "SHA256SUMS"), releaseChecksums(whole, sha256));
  const key = makeKey();
  const prefix = join(scratch, `key-${String(paths.length)}`);
  await writeKey(key, prefix, undefined);
  const signed = await signRelease({ path: folder, key });
  if (!signed.ok) throw new Error(JSON.stringify(signed.failures));
  return `${prefix}.pub.pem`;
}

/** A file of which no two megabytes are the same. */
function filled(path: string, megabytes: number): void {
  const file = openSync(path, "w");
  const chunk = Buffer.alloc(megabyte, 0x5a);
  for (let index = 0; index < megabytes; index += 1) {
    chunk.writeUInt32LE(index, 0);
    writeSync(file, chunk);
  }
  closeSync(file);
}

async function made(): Promise<[string, string]> {
  const folder = mkdtempSync(join(scratch, "release-"));
  const sizes = { vmlinux: 400, "disk.img": 150, "u-boot.bin": 1, Image: 40, "initramfs.cpio": 9 };
  for (const [name, size] of Object.entries(sizes)) filled(join(folder, name), size);
  return [folder, await release(folder, Object.keys(sizes))];
}

try {
  const [given, givenKey] = process.argv.slice(2);
  const [folder, key] =
    given === undefined || givenKey === undefined ? await made() : [resolve(given), resolve(givenKey)];
  const sums = () =>
    execFileSync("sha256sum", ["--strict", "-c", "SHA256SUMS"], { cwd: folder, stdio: "pipe" });
  const peaks: number[] = [];
  await verify(folder, key);
  console.log("| what | median | all |\n| --- | --- | --- |");
  const theirs = await wallSeconds(5, () => Promise.resolve(sums()));
  const ours = await wallSeconds(5, async () => peaks.push(await verify(folder, key)));
  console.log(row("`sha256sum -c`", theirs));
  console.log(row("`nvlab verify --key`", ours));
  console.log(
    `\nmore than sha256sum: ${(median(ours) - median(theirs)).toFixed(2)} s; peak ${median(peaks).toFixed(0)} MB`,
  );

  const large = mkdtempSync(join(scratch, "large-"));
  writeFileSync(join(large, "disk.img"), "");
  truncateSync(join(large, "disk.img"), 4 * 1024 * megabyte);
  const largeKey = await release(large, ["disk.img"]);
  const began = performance.now();
  const peak = await verify(large, largeKey);
  console.log(
    `4 GiB artifact: peak ${peak.toFixed(0)} MB in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  if (peak > 200) throw new Error("verify took more than 200 MB");
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
