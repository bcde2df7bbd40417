import type { RootRecipe } from "../recipe/schema/root.ts";
import type { Lock } from "./lock.ts";
import { rootRecipeDigest, sourceRecipeDigest } from "./recipe-digest.ts";
import type { SourceRequest } from "./request.ts";

/** Entries that the recipes ask for and the lock lacks, or has from other recipes. */
export interface LockGaps {
  readonly sources: readonly string[];
  readonly roots: readonly string[];
}

/** Compares the lock with the recipes. With `--frozen` any gap is a failure. */
export function lockGaps(
  lock: Lock | undefined,
  sources: readonly SourceRequest[],
  roots: readonly RootRecipe[],
): LockGaps {
  return {
    sources: sources
      .filter(({ key, source }) => {
        const entry = lock?.sources[key];
        return (
          entry === undefined || (entry.recipe !== undefined && entry.recipe !== sourceRecipeDigest(source))
        );
      })
      .map(({ key }) => key),
    roots: roots
      .filter((recipe) => lock?.roots[recipe.name]?.recipe !== rootRecipeDigest(recipe))
      .map(({ name }) => name),
  };
}

/** Entries that hold one of these digests: what to resolve anew when those files have left every place. */
export function entriesWith(lock: Lock, digests: ReadonlySet<string>): LockGaps {
  return {
    sources: Object.entries(lock.sources).flatMap(([key, entry]) =>
      entry.type === "archive" && digests.has(entry.sha256) ? [key] : [],
    ),
    roots: Object.entries(lock.roots).flatMap(([name, root]) =>
      root.packages.some(({ sha256 }) => digests.has(sha256)) ? [name] : [],
    ),
  };
}
