import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import type { LockChange } from "../lock/lock-changes.ts";
import type { Lock } from "../lock/lock.ts";
import { readLock } from "../lock/read-lock.ts";
import { updateLock, type UpdateRequest } from "../lock/update-lock.ts";
import { writeLock } from "../lock/write-lock.ts";
import type { Project } from "../recipe/project.ts";
import { openResolvers } from "../root/resolvers.ts";
import { lockable, type Lockable } from "./lockable.ts";
import type { Prepared } from "./prepared.ts";
import { fetchContext, mirrorsFor } from "./provide.ts";
import type { Surroundings } from "./request.ts";

type Asked = Pick<UpdateRequest, "update" | "gone" | "complete"> & { readonly epoch?: number };

export interface Relocked {
  readonly lock: Lock;
  readonly changes: readonly LockChange[];
}

/** Resolves what is asked for with apt and the network, and writes the lock where anything changed. */
export async function relock(
  project: Project,
  old: Lock | undefined,
  lockPath: string,
  entries: Lockable,
  asked: Asked,
  surroundings: Surroundings,
): Promise<Result<Relocked>> {
  if (surroundings.offline) {
    return failed({
      code: "NVLAB_OFFLINE",
      message: "the lock has to be resolved, which needs the network",
      hint: "leave --offline out",
    });
  }
  if (surroundings.mirrors.length > 0) {
    return failed({
      code: "NVLAB_MIRROR",
      message: "the lock has to be resolved, and a mirror holds only what a lock names already",
      hint: "use the lock that the mirror was made from, or leave --mirror out",
    });
  }
  const mirrors = await mirrorsFor(project, surroundings);
  if (!mirrors.ok) return mirrors;
  const base = old === undefined ? await shippedLock(project, surroundings) : ok(old);
  if (!base.ok) return base;
  const context = fetchContext(surroundings);
  const resolvers = openResolvers(mirrors.value, context);
  try {
    const updated = await updateLock({
      ...entries,
      ...asked,
      old: base.value,
      firstEpoch: project.file.value.epoch ?? Math.floor(Date.now() / 1000),
      resolvers,
    });
    if (!updated.ok) return updated;
    if (updated.value.changes.length > 0 || old === undefined) {
      const written = await writeLock(lockPath, updated.value.lock);
      if (!written.ok) return written;
    }
    return updated;
  } finally {
    await resolvers.close();
  }
}

/** A new project begins with the pins that nvlab itself was tested with, and so shares what is in the store. */
function shippedLock(project: Project, { home, cacheDir }: Surroundings): Promise<Result<Lock | undefined>> {
  if (!project.file.value.extends || project.file.value.epoch !== undefined)
    return Promise.resolve(ok(undefined));
  return readLock(join(home, "nvlab.lock"), cacheDir);
}

/** Locks what a target's recipes name and the lock lacks, and says so. */
export async function lockMissing(
  project: Project,
  old: Lock | undefined,
  lockPath: string,
  target: string,
  surroundings: Surroundings,
): Promise<Result<Lock>> {
  const entries = lockable(project, [target]);
  if (!entries.ok) return entries;
  surroundings.emit({
    type: "notice",
    level: "info",
    message:
      old === undefined
        ? `there is no lock yet: resolving one`
        : `the lock lacks what the recipes name: resolving it`,
  });
  const asked = { update: [], gone: new Set<string>(), complete: false };
  const updated = await relock(project, old, lockPath, entries.value, asked, surroundings);
  if (!updated.ok) return updated;
  announce(updated.value, lockPath, surroundings);
  return ok(updated.value.lock);
}

/** Resolves anew only what every place says it no longer has. */
export async function relockGone(
  prepared: Prepared,
  gone: ReadonlySet<string>,
  surroundings: Surroundings,
): Promise<Result<Lock>> {
  const { project, lock, lockPath, planned } = prepared;
  const entries = lockable(project, [planned.plan.target]);
  if (!entries.ok) return entries;
  surroundings.emit({
    type: "notice",
    level: "warning",
    message: `${String(gone.size)} locked file${gone.size === 1 ? " has" : "s have"} left every place: resolving anew what is gone`,
    hint: "CI, or a build with --frozen, fails here instead",
  });
  const asked = { update: [], gone, complete: false };
  const updated = await relock(project, lock, lockPath, entries.value, asked, surroundings);
  if (!updated.ok) return updated;
  announce(updated.value, lockPath, surroundings);
  return ok(updated.value.lock);
}

/** A changed lock changes what is built, so a person has to see what it was. */
function announce({ changes }: Relocked, lockPath: string, { emit }: Surroundings): void {
  const shown = 12;
  const named = changes.filter((change) => change.from !== undefined && change.to !== undefined);
  const rows = named.slice(0, shown).map(({ name, from, to }) => `  ${name}: ${from ?? ""} → ${to ?? ""}`);
  const more = named.length > shown ? [`  … and ${String(named.length - shown)} more`] : [];
  emit({
    type: "notice",
    level: named.length > 0 ? "warning" : "info",
    message: [`wrote ${lockPath}: ${String(changes.length)} entries changed`, ...rows, ...more].join("\n"),
  });
}
