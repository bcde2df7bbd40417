import { ok, type Result } from "../failure/result.ts";
import { fetchCommit } from "../fetch/git-repository.ts";
import { treeDigest } from "../fetch/git-tree.ts";
import { redact } from "../fetch/place.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import type { LockedGit } from "../lock/lock.ts";
import type { PinnedSource } from "../recipe/schema/source.ts";

/** Locks a commit with the digest of its tree. The commit is the recipe's own, so nothing is chosen here. */
export async function resolveGit(
  git: NonNullable<PinnedSource["git"]>,
  version: string,
  context: FetchContext,
): Promise<Result<LockedGit>> {
  const repository = await fetchCommit(git.url, git.commit, context);
  if (!repository.ok) return repository;
  const tree = await treeDigest(repository.value, git.commit, context);
  if (!tree.ok) return tree;
  return ok({ type: "git", version, url: redact(git.url), commit: git.commit, tree: tree.value });
}
