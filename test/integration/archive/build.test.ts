import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MirrorIndex } from "../../../src/fetch/mirror-index.ts";
import { miniature, readText, type Miniature } from "../../support/miniature.ts";
import { nvlab, home, testLock } from "../../support/program.ts";
import { temporaryFolder } from "../../support/project.ts";
import { serveFolder } from "../../support/static-server.ts";

let mini: Miniature;
let mirror: string;

const indexOf = (folder: string): MirrorIndex => JSON.parse(readText(folder, "index.json")) as MirrorIndex;

/** A cache with the roots of the usual one, whose packages are another matter, and nothing else. */
function freshCache(): string {
  const cache = temporaryFolder();
  const usual = process.env.NVLAB_CACHE_DIR ?? "";
  if (!existsSync(join(usual, "roots"))) throw new Error("the global setup of this test project did not run");
  symlinkSync(join(usual, "roots"), join(cache, "roots"));
  return cache;
}

beforeAll(async () => {
  mini = await miniature();
  mirror = join(mini.folder, "mirror");
  // Locks the source, and has it in the cache.
  const fetched = await mini.run("fetch", "board", "--no-frozen");
  expect(fetched.status, fetched.stderr).toBe(0);
  const made = await mini.run("mirror", "mirror", "--only", "mini");
  expect(made.status, made.stderr).toBe(0);
});
afterAll(() => mini.close());

test("a project builds from a mirror alone, in a fresh cache, at a path and at an address", async () => {
  const server = await serveFolder(mirror);
  try {
    for (const [index, place] of [mirror, server.base].entries()) {
      const cache = freshCache();
      const out = `out-${String(index)}`;
      const built = await mini.run(
        "--mirror",
        place,
        "--cache-dir",
        cache,
        "build",
        "board",
        "--frozen",
        "--out",
        out,
      );
      expect(built.status, built.stderr).toBe(0);
    }
    expect(server.asked).toContain("/index.json");
  } finally {
    await server.close();
  }
  expect(readText(mini.folder, "out-0/manifest.json")).toBe(readText(mini.folder, "out-1/manifest.json"));
});

test("NVLAB_MIRROR is taken like the option, and --offline lets a path be asked", async () => {
  const environment = { NVLAB_MIRROR: mirror };
  const args = ["-C", mini.folder, "--cache-dir", freshCache(), "--offline", "fetch", "board", "--frozen"];
  const fetched = await nvlab(args, { environment });
  expect(fetched.status, fetched.stderr).toBe(0);
});

test("a mirror without the source fails, names it, asks nobody else and leaves the lock as it is", async () => {
  const other = temporaryFolder();
  const { files, ...rest } = indexOf(mirror);
  writeFileSync(join(other, "index.json"), JSON.stringify({ ...rest, files: files.slice(1) }));
  const before = readText(mini.lock);
  const built = await mini.run("--mirror", other, "--cache-dir", freshCache(), "build", "board");
  expect(built.status).toBe(1);
  expect(built.stderr).toContain("NVLAB_MIRROR");
  expect(built.stderr).toContain("mini-1.0.tar.gz is not to be had from the mirror");
  expect(readText(mini.lock)).toBe(before);
});

test("a mirror with other bytes fails with their digest, and the build does not begin", async () => {
  const bad = temporaryFolder();
  const [file] = indexOf(mirror).files;
  const path = join(bad, file?.path ?? "");
  mkdirSync(dirname(path), { recursive: true });
  const bytes = readFileSync(join(mirror, file?.path ?? ""));
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  writeFileSync(join(bad, "index.json"), readText(mirror, "index.json"));
  const built = await mini.run("--mirror", bad, "--cache-dir", freshCache(), "build", "board", "--frozen");
  expect(built.status).toBe(1);
  expect(built.stderr).toContain("NVLAB_DIGEST");
  expect(built.stderr).toContain("has other bytes");
});

test("nothing can be locked with a mirror", async () => {
  const locked = await mini.run("--mirror", mirror, "lock", "--update");
  expect(locked.status).toBe(1);
  expect(locked.stderr).toContain("NVLAB_MIRROR");
});

test("the command says what it did, mends what is wrong, and verifies", async () => {
  const path = join(mirror, indexOf(mirror).files[0]?.path ?? "");
  rmSync(path);
  const verdict = await mini.run("mirror", "mirror", "--verify");
  expect(verdict.status).toBe(1);
  expect(verdict.stdout).toContain("missing");
  const mended = await mini.run("mirror", "mirror", "--only", "mini");
  expect(mended.status, mended.stderr).toBe(0);
  expect(mended.stdout).toMatch(/sources +1 +\S+ \S+ +1 (?:linked|cloned|copied)/);
  expect((await mini.run("mirror", "mirror", "--verify")).status).toBe(0);
});

test("of the real lock, only what is asked for is mirrored, as a Debian mirror has it", async () => {
  const folder = join(temporaryFolder(), "mirror");
  const args = ["-C", home, "--lock", testLock(), "mirror", folder, "--only", "busybox"];
  const made = await nvlab(args);
  expect(made.status, made.stderr).toBe(0);
  const { files, complete } = indexOf(folder);
  expect(complete).toBe(false);
  expect(files).toHaveLength(1);
  expect(files[0]).toMatchObject({ kind: "source", for: ["source busybox/main"] });
  expect(existsSync(join(folder, files[0]?.path ?? "none"))).toBe(true);
  const wrong = await nvlab(["-C", home, "--lock", testLock(), "mirror", folder, "--only", "busybix"]);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain("the lock has no busybix");
});
