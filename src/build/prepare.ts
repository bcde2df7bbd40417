import { join, resolve } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Lock } from "../lock/lock.ts";
import { lockGaps } from "../lock/lock-gaps.ts";
import { lockVersion } from "../lock/lock-version.ts";
import { readLock } from "../lock/read-lock.ts";
import type { FitKeys } from "../image/fit-key.ts";
import type { LocalSource } from "../plan/node.ts";
import { findProjectDirectory, loadProject, type Project } from "../recipe/project.ts";
import { loadFitKeys } from "./fit-keys.ts";
import type { Prepared } from "./prepared.ts";
import { lockable } from "./lockable.ts";
import { planTarget, type PlannedTarget } from "./planner/plan-target.ts";
import type { LoadedFitKey } from "./read-fit-key.ts";
import type { Surroundings, TargetRequest } from "./request.ts";

export interface OpenedProject {
  readonly project: Project;
  readonly lockPath: string;
  /** Absent where the project was never locked. */
  readonly lock: Lock | undefined;
}

export async function openProject(surroundings: Surroundings): Promise<Result<OpenedProject>> {
  const { directory, home, cacheDir, lockFile } = surroundings;
  const found = findProjectDirectory(directory);
  if (!found.ok) return found;
  const project = await loadProject(found.value, home, cacheDir);
  if (!project.ok) return project;
  const lockPath = lockFile ?? join(found.value, "nvlab.lock");
  const lock = await readLock(lockPath, cacheDir);
  return lock.ok ? ok({ project: project.value, lockPath, lock: lock.value }) : lock;
}

export function targetName(project: Project, asked: string | undefined): Result<string> {
  const name = asked ?? project.file.value["default-target"];
  if (name !== undefined) return ok(name);
  return failed({
    code: "NVLAB_USAGE",
    message: "which target? The project has no default one",
    hint: `name one of ${[...project.targets.keys()].join(", ")}, or set default-target in nvlab.yaml`,
  });
}

/**
 * Plans the target that was asked for. Where the lock lacks something the recipes name, it is resolved and
 * the lock written; a frozen lock is a failure instead.
 */
export async function planRequested(
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<Prepared>> {
  const opened = await openProject(surroundings);
  if (!opened.ok) return opened;
  const { project, lockPath } = opened.value;
  const target = targetName(project, request.target);
  if (!target.ok) return target;
  const overrides = await scanOverrides(request, surroundings);
  if (!overrides.ok) return overrides;
  const keys = await loadFitKeys(project, target.value, {
    given: request.fitKeys ?? [],
    directory: surroundings.directory,
    cacheDir: surroundings.cacheDir,
  });
  if (!keys.ok) return keys;
  const fitKeys = publicHalves(keys.value);
  const plan = (lock: Lock) =>
    planTarget({ project, lock, target: target.value, overrides: overrides.value, fitKeys });
  const prepared = (lock: Lock, planned: PlannedTarget): Prepared => ({
    project,
    lockPath,
    lock,
    planned,
    overrides: overrides.value,
    fitKeys: keys.value,
  });

  const entries = lockable(project, [target.value]);
  if (!entries.ok) return entries;
  const gaps = lockGaps(opened.value.lock, entries.value.sources, entries.value.roots);
  const lacking = [...gaps.sources, ...gaps.roots];
  const empty: Lock = { lockVersion, epoch: 0, sources: {}, roots: {} };
  const before = opened.value.lock ?? empty;
  if (lacking.length === 0) {
    const planned = plan(before);
    return planned.ok ? ok(prepared(before, planned.value)) : planned;
  }
  if (request.frozen) {
    return failed({
      code: "NVLAB_LOCK_STALE",
      message: opened.value.lock
        ? `${lockPath} lacks what the recipes of '${target.value}' name, and it is frozen`
        : `there is no ${lockPath}, and a frozen build does not make one`,
      hint: "run `nvlab lock` and commit the result, or build with --no-frozen",
      details: lacking.map((name) => `not locked as the recipes name it: ${name}`),
    });
  }
  const { lockMissing } = await import("./relock.ts");
  const locked = await lockMissing(project, opened.value.lock, lockPath, target.value, surroundings);
  if (!locked.ok) return locked;
  const planned = plan(locked.value);
  return planned.ok ? ok(prepared(locked.value, planned.value)) : planned;
}

/** The same target after its lock was changed. */
export function replan(prepared: Prepared, lock: Lock): Result<Prepared> {
  const { project, overrides, planned } = prepared;
  const fitKeys = publicHalves(prepared.fitKeys);
  const again = planTarget({ project, lock, target: planned.plan.target, overrides, fitKeys });
  return again.ok ? ok({ ...prepared, lock, planned: again.value }) : again;
}

function publicHalves(keys: ReadonlyMap<string, LoadedFitKey>): FitKeys {
  return new Map([...keys].map(([name, { key }]) => [name, key]));
}

async function scanOverrides(
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<Map<string, LocalSource>>> {
  const overrides = new Map<string, LocalSource>();
  if (request.sources.length === 0) return ok(overrides);
  const { scanLocalSource } = await import("../store/local-source.ts");
  const { cacheDir, environment, signal } = surroundings;
  for (const { component, directory } of request.sources) {
    const path = resolve(surroundings.directory, directory);
    const scanned = await scanLocalSource(path, { cacheDir, environment, signal });
    if (!scanned.ok) return scanned;
    overrides.set(component, scanned.value);
  }
  return ok(overrides);
}
