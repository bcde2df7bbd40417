import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReproduceReport } from "../../src/reproduce/report.ts";
import { variationNames } from "../../src/reproduce/variation.ts";
import { home, nvlab, testLock } from "../support/program.ts";
import { testRoot } from "../support/root.ts";

let folder: string;
let out: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-nightly-"));
  out = join(folder, "out");
  const built = await nvlab(["--lock", testLock(), "build", "qemu-virt", "--no-frozen", "--out", out]);
  expect(built.status, built.stderr).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("everything but the kernel comes out identical under all of reprotest's variations at once", async () => {
  const reproduce = ["reproduce", "qemu-virt", "--once", "--except", "linux", "--out", out];
  const run = await nvlab(["--json", "--lock", testLock(), ...reproduce]);
  const last = JSON.parse(run.stdout.trimEnd().split("\n").at(-1) ?? "{}") as { data?: ReproduceReport };
  expect(last.data?.differences, run.stdout.slice(-2000) + run.stderr).toEqual([]);
  expect(run.status).toBe(0);
  const applied = last.data?.variations.filter(({ state }) => state === "varied").map(({ name }) => name);
  expect(variationNames.filter((name) => applied?.includes(name) !== true)).toEqual(
    availableParallelism() > 1 ? [] : ["num_cpus"],
  );
});

test("the whole target, kernel and all, comes out identical under all of reprotest's variations at once", async () => {
  const reproduce = ["reproduce", "qemu-virt", "--once", "--out", out];
  const run = await nvlab(["--json", "--lock", testLock(), ...reproduce]);
  const last = JSON.parse(run.stdout.trimEnd().split("\n").at(-1) ?? "{}") as { data?: ReproduceReport };
  expect(last.data?.differences, run.stdout.slice(-3000) + run.stderr).toEqual([]);
  expect(last.data?.taken).toEqual([]);
  const missed = last.data?.variations.filter(
    ({ place, state }) => place === "outside" && state !== "varied",
  );
  expect(missed).toEqual([]);
});

test("the whole target comes out identical on Debian 13, for another user and on a path 60 characters longer", async () => {
  const host = join(folder, "debian-13");
  const made = spawnSync(
    "mmdebstrap",
    ["--variant=minbase", "--include=nodejs,git,ca-certificates", "trixie", host],
    { encoding: "utf8" },
  );
  if (made.error) throw new Error("this test makes a Debian 13 with mmdebstrap: apt-get install mmdebstrap");
  expect(made.status, made.stderr).toBe(0);
  const cache = process.env.NVLAB_CACHE_DIR ?? join(homedir(), ".cache/nvlab");
  const work = join(folder, "work");
  mkdirSync(join(work, "cache/downloads"), { recursive: true });
  const long = `/${"a-path-that-is-longer-".repeat(4)}than-ours`;
  expect(long.length).toBeGreaterThanOrEqual(home.length + 60 - 1);
  const common = execFileSync(
    "git",
    ["-C", home, "rev-parse", "--path-format=absolute", "--git-common-dir"],
    {
      encoding: "utf8",
    },
  ).trim();
  const root = await testRoot("vary");
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`;
  const built = spawnSync(
    `${libraries}/ld-linux-x86-64.so.2`,
    [
      ...["--inhibit-cache", "--library-path", `${libraries}:${root}/usr/lib`, `${root}/usr/bin/bwrap`],
      ...["--die-with-parent", "--unshare-user", "--uid", "4242", "--gid", "4242"],
      ...[
        "--bind",
        host,
        "/",
        "--dev-bind",
        "/dev",
        "/dev",
        "--dev-bind",
        "/proc",
        "/proc",
        "--tmpfs",
        "/tmp",
      ],
      ...["--bind", home, long, "--ro-bind", common, common, "--ro-bind", testLock(), "/tmp/nvlab.lock"],
      ...["--bind", work, "/tmp/place", "--ro-bind", join(cache, "downloads"), "/tmp/place/cache/downloads"],
      ...[
        "--clearenv",
        "--setenv",
        "PATH",
        "/usr/bin:/usr/sbin",
        "--setenv",
        "HOME",
        "/tmp",
        "--chdir",
        long,
      ],
      ...["--", "bin/nvlab", "--offline", "--cache-dir", "/tmp/place/cache", "--lock", "/tmp/nvlab.lock"],
      ...["build", "qemu-virt", "--frozen", "--out", "/tmp/place/out"],
    ],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  expect(built.status, built.stderr.slice(-3000)).toBe(0);
  expect(readFileSync(join(host, "etc/debian_version"), "utf8")).toMatch(/^13/);
  expect(readFileSync(join(work, "out/manifest.json"), "utf8")).toBe(
    readFileSync(join(out, "manifest.json"), "utf8"),
  );
});
