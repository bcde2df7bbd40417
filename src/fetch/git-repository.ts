import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { interruptedFailure } from "./attempt.ts";
import { takePack } from "./git-pack.ts";
import { localPath, redact } from "./place.ts";
import { runGit } from "./run-git.ts";
import type { FetchContext } from "./wanted-file.ts";

/** Where the commits of a repository are kept: one bare repository for each address. */
export function gitRepository(cacheDir: string, url: string): string {
  return join(cacheDir, "git", `${createHash("sha256").update(redact(url)).digest("hex")}.git`);
}

async function hasCommit(repository: string, commit: string, context: FetchContext): Promise<boolean> {
  return (await runGit(repository, ["cat-file", "-e", `${commit}^{tree}`], context)).status === 0;
}

async function prepare(repository: string, context: FetchContext): Promise<void> {
  if ((await runGit(repository, ["rev-parse", "--git-dir"], context)).status === 0) return;
  await mkdir(join(context.cacheDir, "tmp"), { recursive: true });
  await mkdir(join(repository, ".."), { recursive: true });
  const fresh = await mkdtemp(join(context.cacheDir, "tmp", "git-"));
  await runGit(fresh, ["init", "--bare", "--quiet", fresh], context);
  // Where another process was faster, its repository is as good.
  await rename(fresh, repository).catch(() => rm(fresh, { recursive: true, force: true }));
}

/**
 * Has a commit in the cache afterwards; the network is used only where it is not there yet. Servers that give
 * no single commit are asked for everything.
 * @returns path of the bare repository
 */
export async function fetchCommit(
  url: string,
  commit: string,
  context: FetchContext,
): Promise<Result<string>> {
  const repository = gitRepository(context.cacheDir, url);
  await prepare(repository, context);
  if (await hasCommit(repository, commit, context)) return ok(repository);
  if ((context.mirrors ?? []).length > 0) {
    const taken = await takePack(repository, commit, context);
    if (!taken.ok) return taken;
    if (await hasCommit(repository, commit, context)) return ok(repository);
    return failed({
      code: "NVLAB_DIGEST",
      message: `the mirror's pack for commit ${commit} of ${redact(url)} does not hold it`,
      hint: "`nvlab mirror DIR --verify` says what else is wrong there",
    });
  }
  const local = localPath(url) !== undefined;
  if (context.offline && !local) {
    return failed({
      code: "NVLAB_OFFLINE",
      message: `commit ${commit} of ${redact(url)} is not in the cache, and the network may not be used`,
      hint: "run `nvlab fetch` once with the network, or leave --offline out",
    });
  }
  const plain = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
  const one = await runGit(repository, [...plain, "--depth=1", url, commit], context);
  const every =
    one.status === 0 ? one : await runGit(repository, [...plain, url, "+refs/*:refs/all/*"], context);
  if (context.signal.aborted) return failed(interruptedFailure);
  if (every.status === 127) {
    return failed({ code: "NVLAB_DOWNLOAD", message: "git is not installed", hint: "sudo apt install git" });
  }
  if (await hasCommit(repository, commit, context)) return ok(repository);
  return failed({
    code: "NVLAB_DOWNLOAD",
    message: `${redact(url)} does not give commit ${commit}`,
    hint: "check the address and the commit of the recipe's git source",
    details: [one, every]
      .flatMap(({ stderr }) => redact(stderr).split("\n"))
      .filter((line) => line.trim() !== ""),
  });
}
