import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { UntimedEvent } from "../../../src/report/event.ts";
import { acquireBuildLock, type BuildLockRequest } from "../../../src/store/build-lock.ts";
import { tryLock } from "../../../src/store/cache-lock.ts";
import { collectGarbage } from "../../../src/store/collect-garbage.ts";
import { ownedName, ownIdentity } from "../../../src/store/process-identity.ts";
import { openStore } from "../../../src/store/store.ts";
import { verifyStore } from "../../../src/store/verify-store.ts";
import { fingerprint, temporaryFolder, valueOf } from "./cache.ts";

function start(script: string, ...args: readonly string[]): ChildProcess {
  const path = join(import.meta.dirname, "../../support", `${script}-child.ts`);
  return spawn(process.execPath, ["--import", "tsx", path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const print = fingerprint(7);

function lockRequest(cacheDir: string, changes: Partial<BuildLockRequest> = {}): BuildLockRequest {
  const { signal } = new AbortController();
  return {
    cacheDir,
    fingerprint: print,
    component: "linux",
    emit: () => undefined,
    signal,
    clock: Date.now,
    ...changes,
  };
}

describe("of several processes that want the same output", () => {
  test("one builds, and the others wait, say so and take its result", async () => {
    const cacheDir = temporaryFolder();
    const children = [1, 2, 3, 4].map(() => start("build-once", cacheDir, print));
    const said: string[] = [];
    for (const child of children) child.stdout?.on("data", (data: Buffer) => said.push(data.toString()));
    const ends = await Promise.all(children.map((child) => once(child, "close")));
    expect(ends.map(([status]: unknown[]) => status)).toEqual([0, 0, 0, 0]);
    expect(readFileSync(join(cacheDir, "builds"), "utf8").trim().split("\n")).toHaveLength(1);
    expect(readdirSync(join(cacheDir, "locks"))).toEqual([]);
  });

  test("who waits is told once for whom", async () => {
    const cacheDir = temporaryFolder();
    const holder = spawn("sleep", ["60"]);
    try {
      const stat = readFileSync(`/proc/${String(holder.pid)}/stat`, "utf8").split(" ")[21];
      const name = ownedName().replace(/^\d+-\d+/, `${String(holder.pid)}-${String(stat)}`);
      const folder = join(cacheDir, "locks", `build-${print}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), "");
      const events: UntimedEvent[] = [];
      const waiting = acquireBuildLock(lockRequest(cacheDir, { emit: (event) => events.push(event) }));
      await delay(300);
      expect(events).toHaveLength(1);
      expect(JSON.stringify(events)).toContain(`process ${String(holder.pid)}`);
      holder.kill("SIGKILL");
      const lock = valueOf(await waiting);
      expect(lock.waited).toBe(true);
      lock.release();
    } finally {
      holder.kill("SIGKILL");
    }
  });

  test("an interrupt ends the waiting", async () => {
    const cacheDir = temporaryFolder();
    const held = valueOf(await acquireBuildLock(lockRequest(cacheDir)));
    const controller = new AbortController();
    const waiting = acquireBuildLock(lockRequest(cacheDir, { signal: controller.signal }));
    controller.abort();
    expect(await waiting).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
    held.release();
  });
});

describe("a lock", () => {
  test("is held by one and free again after its release", () => {
    const cacheDir = temporaryFolder();
    const first = tryLock(cacheDir, "a", Date.now());
    expect(tryLock(cacheDir, "a", Date.now())).toEqual({ state: "held", pid: process.pid });
    expect(tryLock(cacheDir, "b", Date.now()).state).toBe("locked");
    if (first.state === "locked") first.lock.release();
    expect(tryLock(cacheDir, "a", Date.now()).state).toBe("locked");
  });

  test("of a process that died, or of another boot that is silent, is taken over", () => {
    const cacheDir = temporaryFolder();
    const { boot } = ownIdentity();
    const leave = (name: string, token: string): void => {
      mkdirSync(join(cacheDir, "locks", name), { recursive: true });
      writeFileSync(join(cacheDir, "locks", name, token), "");
    };
    leave("dead", ownedName().replace(/^\d+-\d+/, "1-99999999"));
    expect(tryLock(cacheDir, "dead", Date.now()).state).toBe("locked");
    leave("boot", ownedName().replace(boot, "0123"));
    expect(tryLock(cacheDir, "boot", Date.now())).toMatchObject({ state: "held" });
    expect(tryLock(cacheDir, "boot", Date.now() + 300_000).state).toBe("locked");
    mkdirSync(join(cacheDir, "locks", "empty"));
    expect(tryLock(cacheDir, "empty", Date.now()).state).toBe("locked");
  });
});

test("kill -9 at any moment leaves a whole store, and the next run sweeps up", async () => {
  const cacheDir = temporaryFolder();
  const rounds = 8;
  for (let round = 0; round < rounds; round += 1) {
    const child = start("commit-forever", cacheDir, String(round * 10_000));
    if (child.stdout) await once(child.stdout, "data");
    await delay(Math.random() * 150);
    child.kill("SIGKILL");
    await once(child, "close");
    for (const name of readdirSync(join(cacheDir, "store"))) {
      expect(readdirSync(join(cacheDir, "store", name)).sort()).toEqual(["entry.json", "log", "out"]);
    }
    expect(valueOf(await verifyStore({ cacheDir, setAside: false })).altered).toEqual([]);
  }
  const store = openStore(cacheDir, { clock: Date.now });
  const staging = valueOf(await store.begin(fingerprint(1_000_000)));
  expect(readdirSync(join(cacheDir, "tmp")).map((name) => join(cacheDir, "tmp", name))).toEqual([
    staging.folder,
  ]);
  for (const name of readdirSync(join(cacheDir, "store"))) expect(store.lookup(name).state).toBe("hit");
  await store.discard(staging);
  const keep = { fingerprints: new Set<string>(), roots: new Set<string>(), downloads: new Set<string>() };
  const report = valueOf(await collectGarbage({ cacheDir, keep, dryRun: false, now: Date.now() }));
  expect(report.bytesKept).toBe(0);
});

const script = join(import.meta.dirname, "../../support/commit-on-full-disk-child.ts");
const inTinyDisk = [
  "--map-root-user",
  "--mount",
  "sh",
  "-c",
  'mount -t tmpfs -o size=1m none "$1" && shift && exec "$@"',
  "sh",
];

function canMount(): boolean {
  try {
    execFileSync("unshare", [...inTinyDisk, "/mnt", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.runIf(canMount())("a full disk is NVLAB_DISK_FULL", async () => {
  const cacheDir = temporaryFolder();
  const command = [process.execPath, "--import", "tsx", script, cacheDir];
  const child = spawn("unshare", [...inTinyDisk, cacheDir, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: string[] = [];
  child.stdout.on("data", (data: Buffer) => said.push(data.toString()));
  await once(child, "close");
  expect(said.join("")).toContain("NVLAB_DISK_FULL");
});
