import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkoutGit, fetchGit } from "../../../src/fetch/git-tree.ts";
import type { FetchContext } from "../../../src/fetch/wanted-file.ts";
import type { LockedGit } from "../../../src/lock/lock.ts";
import { resolveGit } from "../../../src/root/resolve-git.ts";

let folder: string;
let url: string;
let commit: string;
let context: FetchContext;

const git = (...args: string[]): string =>
  execFileSync("git", ["-C", url, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args])
    .toString()
    .trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-git-"));
  url = mkdtempSync(join(folder, "upstream-"));
  git("init", "--quiet");
  writeFileSync(join(url, "a"), "content\n");
  writeFileSync(join(url, "big"), Buffer.alloc(200_000, "x"));
  writeFileSync(join(url, "empty"), "");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  commit = git("rev-parse", "HEAD");
  context = {
    cacheDir: join(folder, "cache"),
    emit: () => undefined,
    offline: false,
    signal: new AbortController().signal,
    environment: { PATH: process.env.PATH },
  };
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const resolved = async (): Promise<LockedGit> => {
  const result = await resolveGit({ url, commit }, "1.0", context);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
};

test("a commit is locked by the digest of its tree, fetched once, and written without .git", async () => {
  const locked = await resolved();
  rmSync(url, { recursive: true });
  const repository = await fetchGit(locked, { ...context, offline: true });
  expect(repository.ok).toBe(true);
  const to = join(folder, "tree");
  expect((await checkoutGit(repository.ok ? repository.value : "", commit, to, context)).ok).toBe(true);
  expect(readdirSync(to).sort()).toEqual(["a", "big", "empty"]);
  expect(readFileSync(join(to, "a"), "utf8")).toBe("content\n");
});

test("another commit with the same tree has the same digest", async () => {
  const first = await resolved();
  git("commit", "--quiet", "--allow-empty", "-m", "two");
  commit = git("rev-parse", "HEAD");
  expect((await resolved()).tree).toBe(first.tree);
});

test("a tree that is not the locked one is a digest failure", async () => {
  const locked = await resolved();
  expect(await fetchGit({ ...locked, tree: "0".repeat(64) }, context)).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_DIGEST" }],
  });
});

test("a commit that the repository does not have is a failure with git's own words", async () => {
  const result = await resolveGit({ url, commit: "1".repeat(40) }, "1.0", context);
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_DOWNLOAD" }] });
});

test("offline, a commit that is not in the cache is a failure that says so", async () => {
  const locked = {
    type: "git",
    version: "1",
    url: "https://a.example/r",
    commit,
    tree: "0".repeat(64),
  } as const;
  expect(await fetchGit(locked, { ...context, offline: true })).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_OFFLINE" }],
  });
});
