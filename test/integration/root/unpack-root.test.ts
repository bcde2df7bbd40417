import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Result } from "../../../src/failure/result.ts";
import type { LockedPackage, LockedRoot } from "../../../src/lock/lock.ts";
import type { UntimedEvent } from "../../../src/report/event.ts";
import { rootDigest } from "../../../src/root/root-digest.ts";
import { unpackRoot } from "../../../src/root/unpack-root.ts";
import { filesTar, packageFromTar } from "./debian-package.ts";

let cacheDir: string;
let events: UntimedEvent[];
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "nvlab-root-"));
  events = [];
});
afterEach(() => {
  rmSync(cacheDir, { recursive: true, force: true });
});

const made = (name: string, script: string): LockedPackage =>
  packageFromTar(cacheDir, name, filesTar(cacheDir, script));

function unpack(
  packages: LockedPackage[],
  links = {},
  signal = new AbortController().signal,
): Promise<Result<string>> {
  const locked: LockedRoot = { recipe: "0".repeat(64), archiveTime: 0, packages };
  return unpackRoot({
    name: "build",
    locked,
    links,
    cacheDir,
    digest: rootDigest(locked, { links }),
    emit: (event) => events.push(event),
    signal,
    environment: { PATH: process.env.PATH },
  });
}

const isEmpty = (folder: string): boolean =>
  !existsSync(join(cacheDir, folder)) || readdirSync(join(cacheDir, folder)).length === 0;
const mode = (path: string): string => (lstatSync(path).mode & 0o7777).toString(8);

test("packages become one tree: merged /usr, alternatives, mount points, users, no setuid and no write bits", async () => {
  const tool = made(
    "tool",
    "mkdir -p bin usr/lib; echo t > bin/tool; chmod 6755 bin/tool; echo d > usr/lib/data; ln usr/lib/data usr/lib/hard",
  );
  const other = made(
    "other",
    "mkdir -p usr/bin usr/share/doc; echo o > usr/bin/other; chmod 600 usr/bin/other; ln -s ../bin/other usr/share/o",
  );
  const result = await unpack([tool, other], { "/usr/bin/cc": "tool", "/etc/alternatives/o": "/bin/other" });
  expect(result.ok).toBe(true);
  const tree = result.ok ? result.value : "";
  expect(readlinkSync(join(tree, "bin"))).toBe("usr/bin");
  expect(mode(join(tree, "usr/bin/tool"))).toBe("555");
  expect(mode(join(tree, "usr/bin/other"))).toBe("444");
  expect(mode(join(tree, "usr/lib"))).toBe("755");
  expect(lstatSync(join(tree, "usr/lib/hard")).nlink).toBe(2);
  expect(readFileSync(join(tree, "usr/bin/cc"), "utf8")).toBe("t\n");
  expect(readlinkSync(join(tree, "etc/alternatives/o"))).toBe("/bin/other");
  for (const point of [
    "src",
    "in",
    "obj",
    "out",
    "tmp",
    "project",
    "generated",
    "run",
    "proc",
    "dev",
    "config",
  ]) {
    expect(lstatSync(join(tree, point)).isDirectory()).toBe(true);
  }
  expect(readFileSync(join(tree, "etc/passwd"), "utf8")).toContain("nvlab:x:1000:1000");
  expect(events.map(({ type }) => type)).toEqual([
    "root-started",
    "root-progress",
    "root-progress",
    "root-finished",
  ]);
  expect(isEmpty("tmp")).toBe(true);
});

test("a root that is there already is used as it is", async () => {
  const tool = made("tool", "mkdir -p usr/bin; echo t > usr/bin/tool");
  await unpack([tool]);
  rmSync(join(cacheDir, "downloads"), { recursive: true });
  expect((await unpack([tool])).ok).toBe(true);
});

test("a package that writes through another one's link stays inside the tree", async () => {
  const outside = mkdtempSync(join(tmpdir(), "nvlab-outside-"));
  const link = made(
    "link",
    `mkdir usr; ln -s ${outside} usr/trap; ln -s ../../../../../../..${outside} usr/other`,
  );
  const writer = made("writer", "mkdir -p usr/trap usr/other; echo x > usr/trap/x; echo y > usr/other/y");
  const result = await unpack([link, writer]);
  expect(readdirSync(outside)).toEqual([]);
  expect(result.ok && readFileSync(join(result.value, outside, "x"), "utf8")).toBe("x\n");
  rmSync(outside, { recursive: true });
});

test("a package whose /etc is a link cannot make nvlab write elsewhere", async () => {
  const outside = mkdtempSync(join(tmpdir(), "nvlab-outside-"));
  const result = await unpack([made("link", `ln -s ${outside} etc; ln -s ${outside} home`)]);
  expect(readdirSync(outside)).toEqual([]);
  expect(result.ok && readFileSync(join(result.value, outside, "passwd"), "utf8")).toContain("nvlab");
  rmSync(outside, { recursive: true });
});

test("an archive with names that lead outside is refused, and nothing is left", async () => {
  const tar = filesTar(
    cacheDir,
    "mkdir -p a; echo x > evil",
    "-P",
    "--transform",
    "s,^evil,a/../../evil,",
    "a",
    "evil",
  );
  const result = await unpack([packageFromTar(cacheDir, "evil", tar)]);
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_ARCHIVE" }] });
  expect(isEmpty("roots")).toBe(true);
  expect(isEmpty("tmp")).toBe(true);
});

test("an archive that writes through its own link is refused or stays inside", async () => {
  const outside = mkdtempSync(join(tmpdir(), "nvlab-outside-"));
  const tar = filesTar(
    cacheDir,
    `ln -s ${outside} trap; mkdir real; echo x > real/x`,
    "--transform",
    "s,^real/,trap/,",
    "trap",
    "real/x",
  );
  await unpack([packageFromTar(cacheDir, "evil", tar)]);
  expect(readdirSync(outside)).toEqual([]);
  rmSync(outside, { recursive: true });
});

test("a named pipe is no part of a root", async () => {
  const result = await unpack([made("pipe", "mkdir usr; mkfifo usr/pipe")]);
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_ARCHIVE" }] });
});

test("a truncated package is a failure that names it", async () => {
  const tool = made("tool", "head -c 100000 /dev/urandom > data");
  const path = join(cacheDir, "downloads", "sha256", tool.sha256);
  truncateSync(path, 50_000);
  const result = await unpack([tool]);
  expect(result).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_ARCHIVE", message: "tool_1 cannot be unpacked" }],
  });
  expect(isEmpty("roots")).toBe(true);
});

test("a link to something that no package has is a fault of the recipe", async () => {
  const result = await unpack([made("tool", "mkdir usr")], { "/usr/bin/awk": "gawk" });
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_ROOT" }] });
});

test("an interrupt leaves no root behind", async () => {
  const halt = new AbortController();
  halt.abort();
  expect(await unpack([made("tool", "mkdir usr")], {}, halt.signal)).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_INTERRUPTED" }],
  });
  expect(isEmpty("roots")).toBe(true);
});

test("two unpackings of the same root at once both end well", async () => {
  const tool = made("tool", "mkdir -p usr/bin; echo t > usr/bin/tool");
  const both = await Promise.all([unpack([tool]), unpack([tool])]);
  expect(both.every(({ ok }) => ok)).toBe(true);
  expect(isEmpty("tmp")).toBe(true);
});
