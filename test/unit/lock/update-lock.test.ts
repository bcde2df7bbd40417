import { expect, test } from "vitest";
import { failed, ok } from "../../../src/failure/result.ts";
import type { LockedArchive, LockedRoot } from "../../../src/lock/lock.ts";
import { rootRecipeDigest, sourceRecipeDigest } from "../../../src/lock/recipe-digest.ts";
import type { SourceRequest } from "../../../src/lock/request.ts";
import { updateLock, type UpdateRequest } from "../../../src/lock/update-lock.ts";
import type { RootRecipe } from "../../../src/recipe/schema/root.ts";

const digest = (letter: string): string => letter.repeat(64);
const request = (component: string, version = "1.0"): SourceRequest => ({
  key: `${component}/main`,
  version,
  source: {
    track: version,
    strip: 1,
    variants: [{ urls: [`https://a.example/${version}`], integrity: "sha256-x" }],
  },
});
const archive = (of: SourceRequest, version: string, sha256: string): LockedArchive => ({
  type: "archive",
  version,
  variant: 0,
  file: "x",
  size: 1,
  sha256,
  urls: [],
  recipe: sourceRecipeDigest(of.source),
});
const recipe: RootRecipe = {
  name: "build",
  summary: "",
  architecture: "amd64",
  suites: ["trixie"],
  packages: ["make"],
  exclude: [],
  links: {},
};
const root = (version: string, sha256: string, of = recipe): LockedRoot => ({
  recipe: rootRecipeDigest(of),
  archiveTime: 1,
  packages: [
    {
      name: "make",
      version,
      architecture: "amd64",
      suite: "trixie",
      source: "make",
      sourceVersion: version,
      pool: "pool/x",
      size: 1,
      sha256,
    },
  ],
});

const linux = request("linux");
const uboot = request("u-boot");
const old = {
  lockVersion: 1,
  epoch: 42,
  sources: {
    "linux/main": archive(linux, "1.0", digest("a")),
    "u-boot/main": archive(uboot, "1.0", digest("b")),
  },
  roots: { build: root("4.4", digest("c")) },
} as const;

/** Resolvers that note what they were asked for. */
function asking(over: Partial<UpdateRequest> = {}): { asked: string[]; request: UpdateRequest } {
  const asked: string[] = [];
  return {
    asked,
    request: {
      sources: [linux, uboot],
      roots: [recipe],
      old,
      update: [],
      gone: new Set(),
      firstEpoch: 7,
      complete: true,
      resolvers: {
        source: (each, choice) => {
          asked.push(`${each.key} ${choice}`);
          return Promise.resolve(ok(archive(each, "1.1", digest("d"))));
        },
        root: (each, previous) => {
          asked.push(`${each.name} ${previous === undefined ? "anew" : "keeping"}`);
          return Promise.resolve(ok(root("4.5", digest("e"), each)));
        },
      },
      ...over,
    },
  };
}

test("a lock that fits is left as it is, and nothing is asked", async () => {
  const { asked, request: all } = asking();
  expect(await updateLock(all)).toEqual({ ok: true, value: { lock: old, changes: [] } });
  expect(asked).toEqual([]);
});

test("without a lock everything is resolved as declared, with the first epoch", async () => {
  const { asked, request: all } = asking({ old: undefined });
  const result = await updateLock(all);
  expect(asked).toEqual(["linux/main declared", "u-boot/main declared", "build anew"]);
  expect(result.ok && result.value.lock.epoch).toBe(7);
  expect(result.ok && result.value.changes.map(({ name, to }) => `${name} ${to ?? ""}`)).toEqual([
    "epoch 7",
    "linux/main 1.1 (dddddddddddd)",
    "u-boot/main 1.1 (dddddddddddd)",
    "build/make 4.5",
  ]);
});

test("only what is asked for by name is resolved anew, and the epoch stays", async () => {
  const { asked, request: all } = asking({ update: ["linux"] });
  const result = await updateLock(all);
  expect(asked).toEqual(["linux/main newest"]);
  expect(result.ok && result.value.lock.epoch).toBe(42);
  expect(result.ok && result.value.changes).toEqual([
    { kind: "source", name: "linux/main", from: "1.0 (aaaaaaaaaaaa)", to: "1.1 (dddddddddddd)" },
  ]);
});

test("all that is asked for at once is resolved anew, roots without regard to what they were", async () => {
  const { asked, request: all } = asking({ update: "all", epoch: 99 });
  const result = await updateLock(all);
  expect(asked).toEqual(["linux/main newest", "u-boot/main newest", "build anew"]);
  expect(result.ok && result.value.lock.epoch).toBe(99);
});

test("what has left every place is resolved anew: a source in its track, a root keeping the rest", async () => {
  const { asked, request: all } = asking({ gone: new Set([digest("b"), digest("c")]) });
  await updateLock(all);
  expect(asked).toEqual(["u-boot/main newest", "build keeping"]);
});

test("an entry locked from another recipe is resolved as now declared", async () => {
  const changed = { ...recipe, packages: ["make", "bison"] };
  const { asked, request: all } = asking({ sources: [request("linux", "2.0"), uboot], roots: [changed] });
  await updateLock(all);
  expect(asked).toEqual(["linux/main declared", "build keeping"]);
});

test("a changed link or summary of a root does not touch its lock", async () => {
  const { asked, request: all } = asking({
    roots: [{ ...recipe, summary: "x", links: { "/usr/bin/cc": "gcc" } }],
  });
  await updateLock(all);
  expect(asked).toEqual([]);
});

test("entries that no recipe asks for leave a complete lock and stay in a part of one", async () => {
  const whole = await updateLock(asking({ sources: [linux] }).request);
  expect(whole.ok && whole.value.changes).toEqual([
    { kind: "source", name: "u-boot/main", from: "1.0 (bbbbbbbbbbbb)" },
  ]);
  const part = await updateLock(asking({ sources: [linux], roots: [], complete: false }).request);
  expect(part.ok && part.value.lock).toEqual(old);
});

test("a name that nothing has is a usage failure that lists the known ones", async () => {
  const result = await updateLock(asking({ update: ["linus"] }).request);
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_USAGE" }] });
  expect(result.ok ? "" : result.failures[0]?.hint).toContain("linux");
});

test("every failure of a resolution is reported, not only the first", async () => {
  const { request: all } = asking({ old: undefined });
  const fault = { code: "NVLAB_RESOLVE", message: "no" } as const;
  const resolvers = { ...all.resolvers, source: () => Promise.resolve(failed(fault)) };
  const result = await updateLock({ ...all, resolvers });
  expect(result.ok ? 0 : result.failures.length).toBe(2);
});
