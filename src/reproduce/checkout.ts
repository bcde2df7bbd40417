import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { commitOf } from "../build/commit.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { runCommand, type Finished } from "../fetch/run-command.ts";

/**
 * The project as it was at a commit: the folder itself where that is checked out and unchanged, else a clone.
 * @param to folder for the clone, which need not exist
 * @returns the project's folder
 */
export async function projectAt(
  directory: string,
  commit: string | null,
  to: string,
  signal: AbortSignal,
): Promise<Result<string>> {
  if (commit === null) return ok(directory);
  const now = await commitOf(directory);
  if (now.commit === commit && !now.dirty) return ok(directory);
  const git = (args: readonly string[]): Promise<Finished> =>
    runCommand("git", ["-c", "safe.directory=*", "-c", "advice.detachedHead=false", ...args], {
      environment: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      signal,
    });
  const top = await git(["-C", directory, "rev-parse", "--show-toplevel", "--show-prefix"]);
  const [repository = "", prefix = ""] = top.stdout.split("\n");
  mkdirSync(to, { recursive: true });
  const cloned = await git(["clone", "--quiet", "--shared", "--no-checkout", repository, to]);
  const checked = cloned.status === 0 ? await git(["-C", to, "checkout", "--quiet", commit]) : cloned;
  if (top.status === 0 && checked.status === 0) return ok(join(to, prefix));
  return failed({
    code: "NVLAB_REPRODUCE",
    message: `the project here has no commit ${commit}, from which the original was built`,
    hint: "run it in a clone of the project that has that commit: `git fetch` it first",
    details: checked.stderr.split("\n").filter((line) => line !== ""),
  });
}
