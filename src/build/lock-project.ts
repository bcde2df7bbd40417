import { ok, type Result } from "../failure/result.ts";
import type { LockChange } from "../lock/lock-changes.ts";
import { lockable } from "./lockable.ts";
import { openProject } from "./prepare.ts";
import { relock } from "./relock.ts";
import type { Surroundings } from "./request.ts";

export interface LockRequest {
  /** Components, sources or roots to resolve anew; only what is missing or changed with none. */
  readonly update: "all" | readonly string[];
  /** A new build epoch, seconds since 1970. */
  readonly epoch: number | undefined;
}

export interface LockedProject {
  readonly path: string;
  readonly created: boolean;
  /** Against the lock before; of a new one, against that which nvlab comes with. */
  readonly changes: readonly LockChange[];
}

/** Resolves everything that the project's targets name, and writes its lock. */
export async function lockProject(
  { update, epoch }: LockRequest,
  surroundings: Surroundings,
): Promise<Result<LockedProject>> {
  const opened = await openProject(surroundings);
  if (!opened.ok) return opened;
  const { project, lock, lockPath } = opened.value;
  const entries = lockable(project, [...project.targets.keys()]);
  if (!entries.ok) return entries;
  const asked = {
    update,
    gone: new Set<string>(),
    complete: true,
    ...(epoch !== undefined && { epoch }),
  };
  const updated = await relock(project, lock, lockPath, entries.value, asked, surroundings);
  return updated.ok
    ? ok({ path: lockPath, created: lock === undefined, changes: updated.value.changes })
    : updated;
}
