import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatLock } from "../../../src/lock/format-lock.ts";
import { offsetOf, positionAt, syntaxErrorAt } from "../../../src/lock/json-position.ts";
import type { Lock, LockedPackage } from "../../../src/lock/lock.ts";
import { readLock } from "../../../src/lock/read-lock.ts";
import { writeLock } from "../../../src/lock/write-lock.ts";

const digest = "a".repeat(64);
const libc: LockedPackage = {
  sha256: digest,
  name: "libc6",
  version: "2.41-12",
  architecture: "amd64",
  suite: "trixie",
  source: "glibc",
  sourceVersion: "2.41-12",
  pool: "pool/main/g/glibc/libc6_2.41-12_amd64.deb",
  size: 5,
};
const lock: Lock = {
  lockVersion: 1,
  epoch: 1_700_000_000,
  sources: {
    "z/main": { type: "git", version: "1", url: "https://a.example/z", commit: "b".repeat(40), tree: digest },
    "a/main": {
      type: "archive",
      version: "1",
      variant: 0,
      file: "a.tar.gz",
      size: 1,
      sha256: digest,
      urls: [],
    },
  },
  roots: { build: { recipe: digest, archiveTime: 7, packages: [{ ...libc, name: "zlib1g" }, libc] } },
};

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nvlab-lock-"));
  path = join(folder, "nvlab.lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a lock is written with a package a line, sorted, and read back the same", async () => {
  expect(await writeLock(path, lock)).toEqual({ ok: true, value: undefined });
  const text = await readFile(path, "utf8");
  const names = [...text.matchAll(/^ {8}\{ "name": "(\w+)"/gm)].map((match) => match[1]);
  expect(names).toEqual(["libc6", "zlib1g"]);
  expect(text.indexOf('"a/main"')).toBeLessThan(text.indexOf('"z/main"'));
  const read = await readLock(path, folder);
  expect(read.ok && read.value && formatLock(read.value)).toBe(text);
  expect(await readdir(folder)).toEqual(["nvlab.lock", "validated"]);
});

test("a checked lock is known again by its content", async () => {
  await writeLock(path, lock);
  await readLock(path, folder);
  const again = await readLock(path, folder);
  expect(again.ok && again.value?.epoch).toBe(lock.epoch);
  expect(await readdir(join(folder, "validated"))).toHaveLength(1);
});

test("no lock is no failure", async () => {
  expect(await readLock(path)).toEqual({ ok: true, value: undefined });
});

test("a lock that cannot be read or written is a failure", async () => {
  expect(await readLock(folder)).toMatchObject({ ok: false, failures: [{ code: "NVLAB_LOCK" }] });
  expect(await writeLock(join(folder, "none", "nvlab.lock"), lock)).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_LOCK" }],
  });
});

test("broken JSON is named with line and column", async () => {
  await writeFile(path, '{\n  "lockVersion": 1,\n  "epoch": ,\n}');
  expect(await readLock(path)).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_LOCK", at: { file: path, line: 3, column: 12 } }],
  });
});

test("a lock cut off says so", async () => {
  await writeFile(path, formatLock(lock).slice(0, -20));
  const read = await readLock(path);
  expect(read.ok ? "" : read.failures[0]?.message).toBe("the lock ends too early");
});

test("conflict markers of a merge are recognised", async () => {
  await writeFile(path, `{\n<<<<<<< HEAD\n"epoch": 1\n=======\n"epoch": 2\n>>>>>>> other\n}`);
  expect(await readLock(path)).toMatchObject({ failures: [{ at: { line: 2, column: 1 } }] });
  const read = await readLock(path);
  expect(read.ok ? "" : read.failures[0]?.message).toContain("conflict markers");
});

test("a value of the wrong kind is named with its place, and all of them at once", async () => {
  const bad = formatLock(lock)
    .replace('"epoch": 1700000000', '"epoch": "soon"')
    .replace('"size": 5', '"size": -5');
  await writeFile(path, bad);
  const read = await readLock(path, folder);
  const found = read.ok ? [] : read.failures;
  expect(found.map(({ code }) => code)).toEqual(["NVLAB_LOCK", "NVLAB_LOCK"]);
  expect(found[0]?.at).toEqual({ file: path, line: 3, column: 12 });
  expect(await readdir(folder)).toEqual(["nvlab.lock"]);
});

test("a lock of a newer version asks for a newer nvlab", async () => {
  await writeFile(path, formatLock(lock).replace('"lockVersion": 1', '"lockVersion": 2'));
  expect(await readLock(path)).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_LOCK_VERSION", hint: "update nvlab to the version that wrote it" }],
  });
});

test("a pool path that leaves the pool is refused", async () => {
  await writeFile(path, formatLock(lock).replace("pool/main/g/glibc/", "pool/a/../../etc/"));
  expect(await readLock(path)).toMatchObject({ ok: false, failures: [{ code: "NVLAB_LOCK" }] });
});

test("positions in JSON are found for faults and for values", () => {
  expect(syntaxErrorAt('{"a": [1, 2.5e3, "x\\u00e9", true, null]}')).toBeUndefined();
  expect(syntaxErrorAt("[1,]")).toBe(3);
  expect(syntaxErrorAt("{} x")).toBe(3);
  expect(syntaxErrorAt("{a: 1}")).toBe(1);
  const text = '{\n "a": [10,\n  20]\n}';
  expect(positionAt(text, offsetOf(text, ["a", 1]))).toEqual({ line: 3, column: 3 });
  expect(offsetOf(text, ["a", 7, "b"])).toBe(text.indexOf("["));
});
