import { sandboxPolicyVersion } from "../../exec/sandbox.ts";
import { evaluatePlan } from "../../build/evaluate.ts";
import { readMemory } from "../../build/memory.ts";
import { loadFitKeys } from "../../build/fit-keys.ts";
import { planTarget } from "../../build/planner/plan-target.ts";
import { openProject } from "../../build/prepare.ts";
import type { Surroundings } from "../../build/request.ts";
import type { Result } from "../../failure/result.ts";
import { ok } from "../../failure/result.ts";
import type { Lock } from "../../lock/lock.ts";
import type { Project } from "../../recipe/project.ts";
import { findProjectDirectory } from "../../recipe/project.ts";
import type { Reachable } from "../../store/garbage.ts";
import { openStore } from "../../store/store.ts";

/**
 * What the project here could take from the cache: the outputs of its last builds and of its targets as they are
 * now, their roots, and what the lock names. Nothing outside a project. A project that can't be read is a failure:
 * what it needs is not known.
 */
export async function reachableFrom(surroundings: Surroundings): Promise<Result<Reachable>> {
  const keep = { fingerprints: new Set<string>(), roots: new Set<string>(), downloads: new Set<string>() };
  if (!findProjectDirectory(surroundings.directory).ok) return ok(keep);
  const opened = await openProject(surroundings);
  if (!opened.ok) return opened;
  const { project, lock } = opened.value;
  for (const target of project.targets.keys()) {
    const memory = readMemory(surroundings.cacheDir, project.directory, target);
    for (const node of Object.values(memory?.nodes ?? {})) keep.fingerprints.add(node.fingerprint);
  }
  if (lock === undefined) return ok(keep);
  for (const sha256 of downloadsOf(lock)) keep.downloads.add(sha256);
  for (const target of project.targets.keys()) await addTarget(keep, project, lock, target, surroundings);
  return ok(keep);
}

/** A target that cannot be planned keeps what its last build made, and no more. */
async function addTarget(
  keep: { readonly fingerprints: Set<string>; readonly roots: Set<string> },
  project: Project,
  lock: Lock,
  target: string,
  { cacheDir, directory }: Surroundings,
): Promise<void> {
  const keys = await loadFitKeys(project, target, { given: [], directory, cacheDir });
  if (!keys.ok) return;
  const fitKeys = new Map([...keys.value].map(([name, { key }]) => [name, key]));
  const planned = planTarget({ project, lock, target, overrides: new Map(), fitKeys });
  if (!planned.ok) return;
  const { plan } = planned.value;
  for (const digest of Object.values(plan.roots)) keep.roots.add(digest);
  const store = openStore(cacheDir, { clock: Date.now });
  const sandboxPolicy = String(sandboxPolicyVersion);
  for (const state of evaluatePlan({ plan, sandboxPolicy, rebuild: new Set(), store }).values()) {
    if (state.state !== "pending") keep.fingerprints.add(state.fingerprint);
  }
}

function downloadsOf(lock: Lock): string[] {
  const archives = Object.values(lock.sources).flatMap((source) =>
    source.type === "archive" ? [source.sha256] : [],
  );
  const packages = Object.values(lock.roots).flatMap((root) => root.packages.map(({ sha256 }) => sha256));
  return [...archives, ...packages];
}
