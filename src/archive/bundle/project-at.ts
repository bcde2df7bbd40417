import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { commitOf } from "../../build/commit.ts";
import type { Surroundings } from "../../build/request.ts";
import { ok, type Result } from "../../failure/result.ts";
import { runCommand } from "../../fetch/run-command.ts";
import { checkoutGit } from "../../fetch/git-tree.ts";
import { fetchContext } from "../../build/provide.ts";
import { findProjectDirectory } from "../../recipe/project.ts";

/** A project's files as they were at a commit. */
export interface ProjectAt {
  readonly surroundings: Surroundings;
  /** Whether the commit really gave them; else they are the working tree's. */
  readonly pinned: boolean;
  /** Removes what was written for it. */
  readonly close: () => Promise<void>;
}

/**
 * The project as it was at a commit: the working tree where it is that commit, else the commit's files in a folder of
 * their own. Where git does not have the commit, the working tree: its digests are compared with the manifest's anyway.
 */
export async function projectAt(
  commit: string | null,
  surroundings: Surroundings,
): Promise<Result<ProjectAt>> {
  const found = findProjectDirectory(surroundings.directory);
  if (!found.ok) return found;
  const asIs = { surroundings, close: () => Promise.resolve() };
  const now = await commitOf(found.value);
  if (commit === null || (now.commit === commit && !now.dirty)) {
    return ok({ ...asIs, pinned: commit !== null });
  }
  const git = await repositoryOf(found.value, surroundings);
  if (git === undefined) return ok({ ...asIs, pinned: false });
  const work = join(surroundings.cacheDir, "tmp");
  await mkdir(work, { recursive: true });
  const folder = await mkdtemp(join(work, "project-"));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const written = await checkoutGit(git.folder, commit, folder, fetchContext(surroundings));
  if (!written.ok) {
    await close();
    return ok({ ...asIs, pinned: false });
  }
  const directory = join(folder, git.prefix);
  // nvlab's own recipes belong to the same commit where the project is nvlab itself.
  const isHome = (await realpath(surroundings.home)) === (await realpath(found.value));
  const home = isHome ? directory : surroundings.home;
  return ok({ surroundings: { ...surroundings, directory, home }, pinned: true, close });
}

/** The git folder of the repository that a project lies in, and where in it. */
async function repositoryOf(
  directory: string,
  { environment, signal }: Surroundings,
): Promise<{ folder: string; prefix: string } | undefined> {
  const ask = ["-c", "safe.directory=*", "-C", directory, "rev-parse", "--git-common-dir", "--show-prefix"];
  const run = await runCommand("git", ask, { environment, signal });
  const [folder, prefix = ""] = run.stdout.split("\n");
  if (run.status !== 0 || folder === undefined) return undefined;
  return { folder: resolve(directory, folder), prefix };
}
