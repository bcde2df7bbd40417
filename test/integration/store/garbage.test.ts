import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { tryLock } from "../../../src/store/cache-lock.ts";
import { collectGarbage, type GarbageRequest } from "../../../src/store/collect-garbage.ts";
import { linkTree } from "../../../src/store/link-tree.ts";
import { ownedName, ownIdentity } from "../../../src/store/process-identity.ts";
import { collectingLock, openSession } from "../../../src/store/session.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { fill, fingerprint, keep, meta, temporaryFolder, valueOf } from "./cache.ts";

const day = 86_400_000;
const now = Date.now();
let cacheDir: string;
let clock: number;
let store: Store;

beforeEach(() => {
  cacheDir = temporaryFolder();
  clock = now;
  store = openStore(cacheDir, { clock: () => clock });
});

/** An entry that was used so many days ago. */
async function aged(number: number, days: number, text = "0123456789"): Promise<string> {
  await keep(store, fingerprint(number), { a: text });
  clock = now - days * day;
  store.lookup(fingerprint(number));
  clock = now;
  return fingerprint(number);
}

function request(changes: Partial<GarbageRequest> = {}): GarbageRequest {
  const keepAll = { fingerprints: new Set<string>(), roots: new Set<string>(), downloads: new Set<string>() };
  return { cacheDir, keep: keepAll, dryRun: false, now, ...changes };
}

const collect = async (changes: Partial<GarbageRequest> = {}): Promise<string[]> =>
  valueOf(await collectGarbage(request(changes))).removed.map((item) => item.name);

/** A name as a process left it that is dead now. */
const deadName = (): string => ownedName().replace(/^\d+-\d+/, `${String(ownIdentity().pid)}-1`);

describe("garbage collection", () => {
  test("removes what was not used for long and is not reachable", async () => {
    const [old, reachable] = [await aged(1, 40), await aged(2, 50)];
    const young = await aged(3, 1);
    const report = valueOf(
      await collectGarbage(
        request({ maxAgeMs: 30 * day, keep: { ...request().keep, fingerprints: new Set([reachable]) } }),
      ),
    );
    expect(report.removed).toMatchObject([{ kind: "entry", name: old, lastUsedMs: now - 40 * day }]);
    expect(report.bytesFreed).toBeGreaterThan(10);
    expect(store.lookup(old).state).toBe("miss");
    expect(store.lookup(reachable).state).toBe("hit");
    expect(store.lookup(young).state).toBe("hit");
  });

  test("by size removes the longest unused first", async () => {
    const text = "x".repeat(100_000);
    const prints = [await aged(1, 3, text), await aged(2, 9, text), await aged(3, 6, text)];
    expect(await collect({ maxBytes: 150_000 })).toEqual([prints[1], prints[2]]);
  });

  test("removes nothing in a dry run, and says what it would", async () => {
    const old = await aged(1, 40);
    expect(await collect({ dryRun: true })).toEqual([old]);
    expect(store.lookup(old).state).toBe("hit");
  });

  test("counts what hard links share only once, and as freed with the last link", async () => {
    const source = await keep(store, fingerprint(1), { big: "x".repeat(100_000) }, { tree: true });
    const staging = valueOf(await store.begin(fingerprint(2)));
    valueOf(await linkTree(store.pathOf(source.fingerprint), staging.out));
    valueOf(await store.commit(staging, meta({ tree: true })));
    const report = valueOf(await collectGarbage(request()));
    expect(report.removed).toHaveLength(2);
    expect(report.bytesFreed).toBeLessThan(110_000);
    expect(report.bytesKept).toBe(0);
  });

  test("removes roots and downloads that no lock names", async () => {
    fill(cacheDir, {
      "roots/aa/tree/bin/sh": "",
      "roots/bb/tree/bin/sh": "",
      "downloads/sha256/cc": "1",
      "downloads/sha256/dd": "2",
    });
    const removed = await collect({
      keep: { ...request().keep, roots: new Set(["aa"]), downloads: new Set(["cc"]) },
    });
    expect(removed.sort()).toEqual(["bb", "dd"]);
    expect(existsSync(join(cacheDir, "roots/aa/tree/bin/sh"))).toBe(true);
    expect(existsSync(join(cacheDir, "downloads/sha256/cc"))).toBe(true);
  });

  test("removes what a killed process left, and not what a living one works with", async () => {
    const staging = valueOf(await store.begin(fingerprint(1)));
    fill(join(cacheDir, "tmp"), { [`${deadName()}/out/half`]: "12345", "apt-other/x": "" });
    const report = valueOf(await collectGarbage(request()));
    expect(report.removed).toMatchObject([{ kind: "temporary", bytes: 5 }]);
    expect(existsSync(staging.out)).toBe(true);
    expect(await collect({ now: Date.now() + 10 * day })).toEqual(expect.arrayContaining(["apt-other"]));
  });

  test("refuses to run twice at once", async () => {
    await aged(1, 40);
    const held = tryLock(cacheDir, collectingLock, now);
    expect(held.state).toBe("locked");
    expect(await collectGarbage(request())).toMatchObject({ ok: false, failures: [{ code: "NVLAB_BUSY" }] });
    if (held.state === "locked") held.lock.release();
    expect(await collect()).toHaveLength(1);
  });

  test("of an empty cache does nothing", async () => {
    expect(await collectGarbage(request())).toMatchObject({
      value: { removed: [], bytesFreed: 0, bytesKept: 0 },
    });
  });
});

describe("beside a running command, garbage collection", () => {
  test("leaves what that command looked up, or asked for", async () => {
    const [used, asked, other] = [await aged(1, 40), await aged(2, 40), await aged(3, 40)];
    const session = valueOf(openSession(cacheDir, () => now));
    expect(openStore(cacheDir, { clock: () => now, session }).lookup(used).state).toBe("hit");
    session.use(asked);
    fill(cacheDir, { "roots/aa/x": "", "downloads/sha256/cc": "1" });
    const report = valueOf(await collectGarbage(request()));
    expect(report.removed.map(({ name }) => name)).toEqual([other]);
    expect(report.sessions).toBe(1);
    session.close();
    expect((await collect()).sort()).toEqual([asked, used, "aa", "cc"].sort());
  });

  test("forgets commands that died", async () => {
    const old = await aged(1, 40);
    mkdirSync(join(cacheDir, "locks/sessions"), { recursive: true });
    writeFileSync(join(cacheDir, "locks/sessions", deadName()), `started ${String(now)}\n${old}\n`);
    expect(await collect()).toEqual([old]);
  });

  test("makes a command that begins wait until the renames are done", async () => {
    const held = tryLock(cacheDir, collectingLock, Date.now());
    const script = join(import.meta.dirname, "../../support/open-session-child.ts");
    const child = spawn(process.execPath, ["--import", "tsx", script, cacheDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said: string[] = [];
    child.stdout.on("data", (data: Buffer) => said.push(data.toString()));
    await expect.poll(() => said.join(""), { timeout: 60_000 }).toContain("beginning");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(said.join("")).not.toContain("begun");
    if (held.state === "locked") held.lock.release();
    await once(child, "close");
    expect(said.join("")).toContain("begun");
  });
});

test("a session's file is readable while it is open and gone afterwards", () => {
  const session = valueOf(openSession(cacheDir, () => now));
  session.use("a", "b");
  const folder = join(cacheDir, "locks/sessions");
  const [name = ""] = readdirSync(folder);
  expect(readFileSync(join(folder, name), "utf8")).toBe(`started ${String(now)}\na\nb\n`);
  session.close();
  expect(readdirSync(folder)).toEqual([]);
});
