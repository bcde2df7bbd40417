import { failed, ok, type Result } from "../failure/result.ts";
import type { Failure } from "../failure/failure.ts";
import type { RootRecipe } from "../recipe/schema/root.ts";
import { lockChanges, type LockChange } from "./lock-changes.ts";
import { entriesWith, lockGaps } from "./lock-gaps.ts";
import { lockVersion } from "./lock-version.ts";
import type { Lock, LockedRoot, LockedSource } from "./lock.ts";
import type { SourceRequest } from "./request.ts";

/** How entries are resolved: with apt and the network, or by a test. */
export interface Resolvers {
  readonly source: (request: SourceRequest, choice: "declared" | "newest") => Promise<Result<LockedSource>>;
  /** With an earlier resolution, as much as possible of it stays. */
  readonly root: (recipe: RootRecipe, previous: LockedRoot | undefined) => Promise<Result<LockedRoot>>;
}

export interface UpdateRequest {
  readonly sources: readonly SourceRequest[];
  readonly roots: readonly RootRecipe[];
  readonly old: Lock | undefined;
  /** Asked for: components, sources ("component/source"), roots, or all of them. */
  readonly update: "all" | readonly string[];
  /** Digests of files that have left every place. */
  readonly gone: ReadonlySet<string>;
  /** Set this build epoch; without it the old one stays. */
  readonly epoch?: number;
  /** Build epoch of a lock that did not exist before. */
  readonly firstEpoch: number;
  /** Sources and roots are all that the project has: drop other entries. */
  readonly complete: boolean;
  readonly resolvers: Resolvers;
}

export interface UpdatedLock {
  readonly lock: Lock;
  readonly changes: readonly LockChange[];
}

function isAsked(update: UpdateRequest["update"], key: string): boolean {
  return update === "all" || update.includes(key) || update.includes(key.split("/")[0] ?? key);
}

function unknownNames({ update, sources, roots }: UpdateRequest): Failure[] {
  if (update === "all") return [];
  const known = new Set([
    ...sources.flatMap(({ key }) => [key, key.split("/")[0] ?? key]),
    ...roots.map(({ name }) => name),
  ]);
  return update
    .filter((name) => !known.has(name))
    .map((name) => ({
      code: "NVLAB_USAGE" as const,
      message: `${name} is neither a component with sources nor a root`,
      hint: `known are: ${[...known].sort().join(", ")}`,
    }));
}

/**
 * Resolves what is missing, what another recipe had been resolved for, what is gone, and what was asked for;
 * everything else stays as it is. Nothing is written.
 */
export async function updateLock(request: UpdateRequest): Promise<Result<UpdatedLock>> {
  const { old, update, gone, resolvers } = request;
  const failures = unknownNames(request);
  if (failures.length > 0) return failed(...failures);
  const gaps = lockGaps(old, request.sources, request.roots);
  const stale = old === undefined ? { sources: [], roots: [] } : entriesWith(old, gone);

  const sources: Record<string, LockedSource> = request.complete ? {} : { ...old?.sources };
  for (const each of request.sources) {
    const before = old?.sources[each.key];
    const newest = isAsked(update, each.key) || stale.sources.includes(each.key);
    if (before !== undefined && !newest && !gaps.sources.includes(each.key)) {
      sources[each.key] = before;
      continue;
    }
    const found = await resolvers.source(each, newest ? "newest" : "declared");
    if (found.ok) sources[each.key] = found.value;
    else failures.push(...found.failures);
  }

  const roots: Record<string, LockedRoot> = request.complete ? {} : { ...old?.roots };
  for (const recipe of request.roots) {
    const before = old?.roots[recipe.name];
    const asked = isAsked(update, recipe.name);
    const due = asked || stale.roots.includes(recipe.name) || gaps.roots.includes(recipe.name);
    if (before !== undefined && !due) {
      roots[recipe.name] = before;
      continue;
    }
    const found = await resolvers.root(recipe, asked ? undefined : before);
    if (found.ok) roots[recipe.name] = found.value;
    else failures.push(...found.failures);
  }
  if (failures.length > 0) return failed(...failures);
  const epoch = request.epoch ?? old?.epoch ?? request.firstEpoch;
  const lock: Lock = { lockVersion, epoch, sources, roots };
  return ok({ lock, changes: lockChanges(old, lock) });
}
