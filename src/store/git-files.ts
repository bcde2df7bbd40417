import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What git calls the content of a folder: tracked files, and untracked ones that are not ignored, also in
 * submodules and in other clones that lie in it. Deleted files may be among them.
 * @returns undefined where the folder is in no git repository, or is itself ignored by the one around it
 */
export async function gitFiles(
  directory: string,
  environment: Environment,
): Promise<Result<string[] | undefined>> {
  const inside = await git(directory, environment, ["rev-parse", "--show-prefix"]);
  if (inside.state === "no-git") {
    return existsSync(join(directory, ".git")) ? failed(gitMissing(directory)) : ok(undefined);
  }
  if (inside.state === "failed") {
    return /not a git repository/i.test(inside.stderr)
      ? ok(undefined)
      : failed(gitFailed(directory, inside.stderr));
  }
  const [index, others] = await Promise.all([
    git(directory, environment, ["ls-files", "-z", "--cached", "--stage"]),
    git(directory, environment, ["ls-files", "-z", "--others", "--exclude-standard"]),
  ]);
  if (index.state !== "ok") return failed(gitFailed(directory, index.stderr));
  if (others.state !== "ok") return failed(gitFailed(directory, others.stderr));
  const files = new Set<string>();
  const clones: string[] = [];
  for (const { mode, path } of parseStage(index.stdout)) {
    if (mode === "160000") clones.push(path);
    else files.add(path);
  }
  for (const path of split(others.stdout)) {
    if (path.endsWith("/")) clones.push(path.slice(0, -1));
    else files.add(path);
  }
  // A folder that the repository around it ignores has no content for git, but it has for who names it here.
  if (files.size === 0 && clones.length === 0 && inside.stdout.trim() !== "") return ok(undefined);
  for (const clone of clones) {
    if (!existsSync(join(directory, clone, ".git"))) continue;
    const inner = await gitFiles(join(directory, clone), environment);
    if (!inner.ok) return inner;
    for (const path of inner.value ?? []) files.add(`${clone}/${path}`);
  }
  return ok([...files]);
}

/** Records of `git ls-files --stage -z`: mode, object, stage, tab, path. */
function parseStage(text: string): { mode: string; path: string }[] {
  return split(text).map((record) => ({
    mode: record.slice(0, 6),
    path: record.slice(record.indexOf("\t") + 1),
  }));
}

function split(text: string): string[] {
  return text.split("\0").filter((record) => record !== "");
}

type GitEnded =
  | { readonly state: "ok"; readonly stdout: string; readonly stderr: string }
  | { readonly state: "failed"; readonly stderr: string }
  | { readonly state: "no-git"; readonly stderr: string };

function git(directory: string, environment: Environment, args: readonly string[]): Promise<GitEnded> {
  // The folder was named by the person who runs this, whoever owns it; its hooks are not to be run for a listing.
  const settings = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"];
  const outer = Object.entries(environment).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(outer), LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
  return new Promise((resolve) => {
    const child = spawn("git", [...settings, "-C", directory, ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => err.push(data));
    child.on("error", (error) => resolve({ state: "no-git", stderr: error.message }));
    child.on("close", (status) => {
      const stderr = Buffer.concat(err).toString("utf8");
      resolve(
        status === 0
          ? { state: "ok", stdout: Buffer.concat(out).toString("utf8"), stderr }
          : { state: "failed", stderr },
      );
    });
  });
}

function gitMissing(directory: string): Failure {
  return {
    code: "NVLAB_SOURCE_OVERRIDE",
    message: `${directory} is a git repository, but there is no git here to say which of its files are ignored`,
    hint: "install git (apt-get install git)",
  };
}

function gitFailed(directory: string, stderr: string): Failure {
  return {
    code: "NVLAB_SOURCE_OVERRIDE",
    message: `git cannot list the files of ${directory}`,
    details: stderr.trimEnd().split("\n").slice(-5),
    hint: `look at it with \`git -C ${directory} status\``,
  };
}
