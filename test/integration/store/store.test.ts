import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/store/store.ts";
import { verifyStore } from "../../../src/store/verify-store.ts";
import { fill, fingerprint, keep, meta, temporaryFolder, valueOf } from "./cache.ts";

const print = fingerprint(1);
let cacheDir: string;
let store: Store;
const out = (path = ""): string => join(store.pathOf(print), path);

/** Changes a file of the store as someone with an editor would. */
function tamper(path: string, text: string): void {
  chmodSync(out(path), 0o644);
  writeFileSync(out(path), text);
}

beforeEach(() => {
  cacheDir = temporaryFolder();
  store = openStore(cacheDir, { clock: Date.now });
});

describe("an output that was committed", () => {
  test("is a hit, with what was said about it", async () => {
    expect(store.lookup(print)).toEqual({ state: "miss" });
    const entry = await keep(store, print, { "fw.bin": "firmware", "debug/map": "map" });
    expect(store.lookup(print)).toEqual({ state: "hit", entry });
    expect(entry.files?.map((file) => file.path)).toEqual(["debug/map", "fw.bin"]);
    expect(entry.signature).toEqual({ script: "make" });
    expect(readdirSync(join(cacheDir, "tmp"))).toEqual([]);
  });

  test("is read-only and keeps its executable bits", async () => {
    const staging = valueOf(await store.begin(print));
    fill(staging.out, { tool: "#!/bin/sh", data: "1" });
    chmodSync(join(staging.out, "tool"), 0o755);
    valueOf(await store.commit(staging, meta()));
    expect(statSync(out("tool")).mode & 0o777).toBe(0o555);
    expect(statSync(out("data")).mode & 0o777).toBe(0o444);
  });

  test("keeps its log beside it", async () => {
    const staging = valueOf(await store.begin(print));
    writeFileSync(staging.log, "one\ntwo\nthree\n");
    expect(staging.lastLines(2)).toEqual(["two", "three"]);
    valueOf(await store.commit(staging, meta()));
    expect(readFileSync(store.logOf(print), "utf8")).toContain("three");
  });

  test("has the same digest wherever and whenever it was made", async () => {
    const here = await keep(store, fingerprint(2), { a: "1", b: "2" });
    const elsewhere = openStore(temporaryFolder(), { clock: Date.now });
    const there = await keep(elsewhere, fingerprint(3), { b: "2", a: "1" });
    expect(there.output).toBe(here.output);
  });

  test("keeps links that lead outside as links and does not follow them", async () => {
    const staging = valueOf(await store.begin(print));
    symlinkSync("/etc", join(staging.out, "etc"));
    symlinkSync("../../nowhere", join(staging.out, "dangling"));
    valueOf(await store.commit(staging, meta()));
    expect(lstatSync(out("etc")).isSymbolicLink()).toBe(true);
    expect(store.lookup(print).state).toBe("hit");
  });

  test("that another process committed first gives way to that one", async () => {
    const late = valueOf(await store.begin(print));
    fill(late.out, { a: "late" });
    const first = await keep(openStore(cacheDir, { clock: Date.now }), print, { a: "first" });
    expect(valueOf(await store.commit(late, meta()))).toEqual(first);
    expect(existsSync(late.folder)).toBe(false);
    expect(readFileSync(out("a"), "utf8")).toBe("first");
  });

  test("may have folders that nobody could enter", async () => {
    const staging = valueOf(await store.begin(print));
    fill(staging.out, { "shut/a": "1" });
    chmodSync(join(staging.out, "shut"), 0);
    valueOf(await store.commit(staging, meta()));
    expect(readFileSync(out("shut/a"), "utf8")).toBe("1");
  });
});

describe("an output that cannot be kept is refused by name", () => {
  test.each([
    ["a named pipe", "named pipe", (folder: string) => void execFileSync("mkfifo", [join(folder, "p")])],
    ["a line break in a name", "line break", (folder: string) => writeFileSync(join(folder, "a\nb"), "")],
    [
      "a name that is not UTF-8",
      "UTF-8",
      (folder: string) => writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), ""),
    ],
  ])("%s", async (_, word, make) => {
    const staging = valueOf(await store.begin(print));
    make(staging.out);
    const committed = await store.commit(staging, meta());
    expect(committed).toMatchObject({ ok: false, failures: [{ code: "NVLAB_STORE" }] });
    expect(JSON.stringify(committed)).toContain(word);
    expect(store.lookup(print).state).toBe("miss");
    await store.discard(staging);
    expect(existsSync(staging.folder)).toBe(false);
  });
});

describe("an entry altered by hand is set aside, and said to be", () => {
  test.each([
    ["other content of the same length", () => tamper("a", "2"), "a has other content"],
    ["another length", () => tamper("a", "longer"), "a has 6 bytes, not 1"],
    ["a file that is gone", () => rmSync(out("a")), "a is missing"],
    ["a file more", () => writeFileSync(out("more"), ""), "more was added"],
    ["another mode", () => chmodSync(out("a"), 0o755), "a has another executable bit"],
    ["an output that is gone", () => rmSync(out(), { recursive: true }), "a is missing"],
    ["a damaged description", () => writeFileSync(join(out(), "../entry.json"), "{"), "damaged"],
    ["no description", () => rmSync(join(out(), "../entry.json")), "entry.json is missing"],
  ])("%s", async (_, alter, said) => {
    await keep(store, print, { a: "1", "d/b": "2" });
    alter();
    const found = store.lookup(print);
    expect(found.state).toBe("altered");
    expect(found.state === "altered" && found.what.join("\n")).toContain(said);
    expect(found.state === "altered" && existsSync(found.movedTo)).toBe(true);
    expect(store.lookup(print).state).toBe("miss");
    await keep(store, print, { a: "1", "d/b": "2" });
    expect(store.lookup(print).state).toBe("hit");
  });

  test("not so after a restore with other times and inodes, which is remembered", async () => {
    await keep(store, print, { a: "1" });
    cpSync(out(), `${out()}.copy`, { recursive: true });
    rmSync(out(), { recursive: true });
    renameSync(`${out()}.copy`, out());
    utimesSync(out("a"), 5, 5);
    const found = store.lookup(print);
    expect(found.state === "hit" && found.entry.files?.[0]?.mtimeMs).toBe(5_000);
    expect(readFileSync(join(out(), "../entry.json"), "utf8")).toContain('"mtimeMs": 5000');
  });
});

describe("a source tree", () => {
  test("is counted, not hashed, and its digest is its fingerprint", async () => {
    const entry = await keep(store, print, { Makefile: "all:", "src/a.c": "int a;" }, { tree: true });
    expect(entry.output).toBe(print);
    expect(entry.files).toBeUndefined();
    expect(entry.census).toMatchObject({ files: 2, bytes: 10 });
    expect(store.lookup(print)).toEqual({ state: "hit", entry });
    rmSync(out(), { recursive: true });
    expect(store.lookup(print)).toMatchObject({ state: "altered", what: ["out/ is missing"] });
  });
});

describe("verifying the store", () => {
  test("finds content that changed though size and times did not", async () => {
    await keep(store, print, { a: "1" });
    await keep(store, fingerprint(2), { a: "1" });
    tamper("a", "2");
    const path = join(out(), "../entry.json");
    const { mtimeMs, ctimeMs } = statSync(out("a"));
    writeFileSync(
      path,
      readFileSync(path, "utf8")
        .replace(/("size": 1,\s*"mtimeMs": )[\d.]+/, `$1${String(mtimeMs)}`)
        .replace(/"ctimeMs": [\d.]+/, `"ctimeMs": ${String(ctimeMs)}`),
    );
    expect(store.lookup(print).state).toBe("hit");
    const looked = valueOf(await verifyStore({ cacheDir, setAside: false }));
    expect(looked).toMatchObject({
      entries: 2,
      files: 2,
      altered: [{ fingerprint: print, component: "opensbi" }],
    });
    expect(looked.altered[0]?.what).toEqual(["a has other content"]);
    valueOf(await verifyStore({ cacheDir, setAside: true }));
    expect(store.lookup(print).state).toBe("miss");
    expect(valueOf(await verifyStore({ cacheDir, setAside: true })).altered).toEqual([]);
  });

  test("finds a source tree that was written to", async () => {
    await keep(store, print, { "src/a.c": "int a;" }, { tree: true });
    expect(valueOf(await verifyStore({ cacheDir, setAside: false })).altered).toEqual([]);
    writeFileSync(out("src/a.c"), "int b;");
    expect(valueOf(await verifyStore({ cacheDir, setAside: false })).altered).toHaveLength(1);
  });

  test("stops when interrupted", async () => {
    await keep(store, print, { a: "1" });
    const verdict = await verifyStore({ cacheDir, setAside: false, signal: AbortSignal.abort() });
    expect(verdict).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
  });
});

test("a folder in the place of the cache that cannot be used is a failure", async () => {
  writeFileSync(join(cacheDir, "file"), "");
  const begun = await openStore(join(cacheDir, "file"), { clock: Date.now }).begin(print);
  expect(begun).toMatchObject({ ok: false, failures: [{ code: "NVLAB_STORE" }] });
  mkdirSync(join(cacheDir, "store"));
});
