import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { interruptedFailure } from "./attempt.ts";
import { localPath, redact } from "./place.ts";
import { runCommand, type Finished } from "./run-command.ts";
import type { FetchContext } from "./wanted-file.ts";

/** Where the commits of a repository are kept: one bare repository for each address. */
export function gitRepository(cacheDir: string, url: string): string {
  return join(cacheDir, "git", `${createHash("sha256").update(redact(url)).digest("hex")}.git`);
}

/** Runs git without the settings of user, host or surrounding repository. */
export function runGit(
  repository: string,
  args: readonly string[],
  context: FetchContext,
): Promise<Finished> {
  const own = Object.entries(context.environment).filter(
    ([name]) => !name.startsWith("GIT_") || name.startsWith("GIT_SSL"),
  );
  return runCommand("git", ["--git-dir", repository, ...args], {
    environment: {
      ...Object.fromEntries(own),
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_TERMINAL_PROMPT: "0",
    },
    signal: context.signal,
  });
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
