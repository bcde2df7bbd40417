import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { debianMirrors } from "../../../src/fetch/debian-mirrors.ts";
import { downloadFiles } from "../../../src/fetch/fetch-files.ts";
import { hostAptTargets } from "../../../src/fetch/host-apt-targets.ts";
import type { FetchContext } from "../../../src/fetch/wanted-file.ts";
import type { Result } from "../../../src/failure/result.ts";
import type { LockedRoot } from "../../../src/lock/lock.ts";
import type { SourceRequest } from "../../../src/lock/request.ts";
import type { RootRecipe } from "../../../src/recipe/schema/root.ts";
import type { UntimedEvent } from "../../../src/report/event.ts";
import { openResolvers } from "../../../src/root/resolvers.ts";
import { rootDigest } from "../../../src/root/root-digest.ts";
import { unpackRoot } from "../../../src/root/unpack-root.ts";
import { rootWantedFiles } from "../../../src/root/wanted-files.ts";
import { startDroppingMirror, type DroppingMirror } from "./dropping-mirror.ts";

const recipe: RootRecipe = {
  name: "tiny",
  summary: "",
  architecture: "amd64",
  suites: ["trixie", "trixie-security", "trixie-backports"],
  packages: ["hello", "bubblewrap"],
  exclude: ["gcc-14-base"],
  links: {},
};

let cacheDir: string;
let upstream: string;
let mirror: DroppingMirror;
let events: UntimedEvent[];
let context: FetchContext;
let resolvers: ReturnType<typeof openResolvers>;
let locked: LockedRoot;

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
};
const names = (root: LockedRoot): string[] => root.packages.map(({ name }) => name);

beforeAll(async () => {
  cacheDir = mkdtempSync(join(tmpdir(), "nvlab-resolve-"));
  const environment = process.env;
  const mirrors = value(await debianMirrors({ environment, aptTargets: () => hostAptTargets(environment) }));
  upstream = mirrors.bases[0] ?? "";
  mirror = await startDroppingMirror(upstream);
  const { signal } = new AbortController();
  const emit = (event: UntimedEvent): void => void events.push(event);
  events = [];
  context = { cacheDir, emit, offline: false, signal, environment };
  resolvers = openResolvers({ bases: [mirror.base] }, context);
  locked = value(await resolvers.root(recipe, undefined));
});
beforeEach(() => {
  events = [];
  mirror.dropped.length = 0;
});
afterAll(async () => {
  await resolvers.close();
  await mirror.close();
  const left = existsSync(join(cacheDir, "tmp")) ? readdirSync(join(cacheDir, "tmp")) : [];
  rmSync(cacheDir, { recursive: true, force: true });
  expect(left).toEqual([]);
});

test("a small root is chosen with what it needs and without what is excluded", () => {
  expect(names(locked)).toEqual([...names(locked)].sort());
  expect(names(locked)).toEqual(expect.arrayContaining(["bubblewrap", "hello", "libc6", "libcap2"]));
  expect(names(locked)).not.toContain("gcc-14-base");
  expect(locked.packages.find(({ name }) => name === "libc6")).toMatchObject({
    source: "glibc",
    architecture: "amd64",
  });
  expect(locked.archiveTime).toBeGreaterThan(1_750_000_000);
});

test("it is downloaded and unpacked, and its programs run through its own loader", async () => {
  const { failures } = await downloadFiles(rootWantedFiles(locked, { bases: [mirror.base] }), context);
  expect(failures).toEqual([]);
  const digest = rootDigest(locked, recipe);
  const tree = value(await unpackRoot({ ...context, name: "tiny", locked, links: {}, digest }));
  const libraries = join(tree, "usr/lib/x86_64-linux-gnu");
  const loader = join(libraries, "ld-linux-x86-64.so.2");
  const said = execFileSync(loader, ["--library-path", libraries, join(tree, "usr/bin/hello")], { env: {} });
  expect(said.toString()).toBe("Hello, world!\n");
});

test("a file that has left the mirror is found to be gone, and only what is built with it changes", async () => {
  // An earlier version, as a lock written before a point release has it.
  const before: LockedRoot = {
    ...locked,
    archiveTime: 1_750_000_000,
    packages: locked.packages.map((entry) =>
      entry.name === "hello"
        ? {
            ...entry,
            version: "2.10-1",
            sha256: "0".repeat(64),
            pool: "pool/main/h/hello/hello_2.10-1_amd64.deb",
          }
        : entry,
    ),
  };
  const { gone } = await downloadFiles(rootWantedFiles(before, { bases: [mirror.base] }), context);
  expect(gone.map(({ sha256 }) => sha256)).toEqual(["0".repeat(64)]);

  const after = value(await resolvers.root(recipe, before));
  const hello = after.packages.find(({ name }) => name === "hello");
  expect(hello).toEqual({
    ...locked.packages.find(({ name }) => name === "hello"),
    archiveTime: locked.archiveTime,
  });
  const rest = (root: LockedRoot): unknown => root.packages.filter(({ name }) => name !== "hello");
  expect(rest(after)).toEqual(rest(before));
  expect(after.archiveTime).toBe(before.archiveTime);
});

test("a package added to the recipe leaves the others as they are", async () => {
  const after = value(await resolvers.root({ ...recipe, packages: [...recipe.packages, "bc"] }, locked));
  expect(names(after)).toContain("bc");
  expect(after.packages.filter(({ name }) => names(locked).includes(name))).toEqual(locked.packages);
});

test("a package taken out of the recipe leaves with what only it needed", async () => {
  const after = value(await resolvers.root({ ...recipe, packages: ["hello"] }, locked));
  expect(names(after)).not.toContain("bubblewrap");
  expect(names(after)).not.toContain("libcap2");
});

test("a package from a named suite brings what it needs from there", async () => {
  const root = value(
    await resolvers.root({ ...recipe, packages: ["qemu-system-riscv/trixie-backports"] }, undefined),
  );
  const suites = new Map(root.packages.map(({ name, suite }) => [name, suite]));
  expect(suites.get("qemu-system-riscv")).toBe("trixie-backports");
  expect(suites.get("qemu-system-data")).toBe("trixie-backports");
  expect(suites.get("libc6")).toBe("trixie");
});

test("a file that the index lists and the mirror lacks is replaced by another version, together with its siblings", async () => {
  mirror.dropped.push(/qemu-system-data_[^/]*bpo/);
  const root = value(
    await resolvers.root({ ...recipe, packages: ["qemu-system-riscv/trixie-backports"] }, undefined),
  );
  const versions = root.packages.filter(({ source }) => source === "qemu").map(({ version }) => version);
  expect(versions.length).toBeGreaterThan(1);
  expect(versions.some((version) => version.includes("bpo"))).toBe(false);
  expect(events).toContainEqual(expect.objectContaining({ type: "notice", level: "warning" }));
});

test("a file without another version is a failure that names it", async () => {
  mirror.dropped.push(/\/hello_/);
  const result = await resolvers.root(recipe, undefined);
  expect(result).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_RESOLVE" }, { code: "NVLAB_RESOLVE" }],
  });
  expect(JSON.stringify(result)).toContain("hello=");
});

test("a package that no suite has is a failure with apt's own words", async () => {
  const result = await resolvers.root({ ...recipe, packages: ["no-such-thing"] }, undefined);
  expect(JSON.stringify(result)).toContain("Unable to locate package no-such-thing");
});

test("a suite that the mirror lacks is a failure that names it", async () => {
  const result = await resolvers.root({ ...recipe, suites: ["no-such-suite"] }, undefined);
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_RESOLVE" }] });
  expect(JSON.stringify(result)).toContain("no-such-suite");
});

const hello = (over: Partial<SourceRequest["source"]> = {}): SourceRequest => ({
  key: "hello/main",
  version: "2.10",
  source: {
    track: "2.10",
    strip: 1,
    variants: [{ debian: { source: "hello", suite: "trixie", file: "hello_2.10.orig.tar.gz" } }],
    ...over,
  },
});

test("a source's size and digest come from the signed index", async () => {
  expect(value(await resolvers.source(hello(), "declared"))).toMatchObject({
    version: "2.10",
    variant: 0,
    pool: "pool/main/h/hello/hello_2.10.orig.tar.gz",
    sha256: "31e066137a962676e89f69d1b65382de95a7ef7d914b8cb956f41ea72e0f516b",
  });
});

test("a source that is gone is replaced by the newest one of its track", async () => {
  const variants = [{ debian: { source: "hello", suite: "trixie", file: "hello_2.9.orig.tar.gz" } }];
  expect(value(await resolvers.source(hello({ variants, track: "2" }), "declared"))).toMatchObject({
    version: "2.10",
  });
});

test("another digest in the recipe than in the signed index is a failure", async () => {
  const [variant] = hello().source.variants ?? [];
  const integrity = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  const result = await resolvers.source(hello({ variants: [{ ...variant, integrity }] }), "declared");
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_DIGEST" }] });
});

test("a variant that cannot be had gives way to the next one, which its own digest proves", async () => {
  const url = `${mirror.base}/pool/main/h/hello/hello_2.10.orig.tar.gz`;
  const integrity = `sha256-${Buffer.from("31e066137a962676e89f69d1b65382de95a7ef7d914b8cb956f41ea72e0f516b", "hex").toString("base64")}`;
  const variants = [
    { debian: { source: "hello", suite: "trixie", file: "hello_9.orig.tar.gz" } },
    { urls: [url], integrity },
  ];
  const found = value(await resolvers.source(hello({ variants }), "declared"));
  expect(found).toMatchObject({ variant: 1, urls: [url], size: 725_946 });
});

test.runIf(process.getuid?.() === 0)("an ordinary user resolves as root does", () => {
  const home = mkdtempSync(join(tmpdir(), "nvlab-user-"));
  chmodSync(home, 0o777);
  const script = `
    import { openResolvers } from "./src/root/resolvers.ts";
    const context = { cacheDir: ${JSON.stringify(home)} + "/cache", emit: () => {}, offline: false, signal: new AbortController().signal, environment: process.env };
    const resolvers = openResolvers({ bases: [${JSON.stringify(upstream)}] }, context);
    const result = await resolvers.root(${JSON.stringify(recipe)}, undefined);
    await resolvers.close();
    console.log(result.ok ? result.value.packages.length : JSON.stringify(result.failures));`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  const said = execFileSync(process.execPath, args, {
    uid: 65534,
    gid: 65534,
    env: { ...process.env, HOME: home },
  });
  rmSync(home, { recursive: true, force: true });
  expect(Number(said.toString())).toBe(locked.packages.length);
});
