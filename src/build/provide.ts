import { failed, ok, type Result } from "../failure/result.ts";
import { debianMirrors, type DebianMirrors } from "../fetch/debian-mirrors.ts";
import { downloadPath } from "../fetch/downloads.ts";
import { downloadFiles } from "../fetch/fetch-files.ts";
import { fetchGit } from "../fetch/git-tree.ts";
import { hostAptTargets } from "../fetch/host-apt-targets.ts";
import type { FetchContext, WantedFile } from "../fetch/wanted-file.ts";
import type { Failure } from "../failure/failure.ts";
import type { Lock, LockedSource } from "../lock/lock.ts";
import type { PlanNode } from "../plan/node.ts";
import type { Plan } from "../plan/plan.ts";
import type { Project } from "../recipe/project.ts";
import { rootTree, unpackRoot } from "../root/unpack-root.ts";
import { rootWantedFiles, sourceWantedFile } from "../root/wanted-files.ts";
import { existsSync } from "node:fs";
import type { Surroundings } from "./request.ts";

/** The mirrors of option, environment, project or host's apt, in that order. */
export function mirrorsFor(project: Project, surroundings: Surroundings): Promise<Result<DebianMirrors>> {
  const { environment, debianMirrors: named, mirrors } = surroundings;
  if (mirrors.length > 0) return Promise.resolve(ok({ bases: [] }));
  return debianMirrors({
    option: named.length > 0 ? named.join(" ") : undefined,
    environment,
    project: project.file.value.mirrors,
    aptTargets: () => hostAptTargets(environment),
  });
}

export function fetchContext(surroundings: Surroundings): FetchContext {
  const { cacheDir, emit, offline, mirrors, signal, environment } = surroundings;
  return { cacheDir, emit, offline, mirrors, signal, environment };
}

/** What has to be in the cache before some nodes can run. */
export interface Provision {
  readonly sources: readonly LockedSource[];
  readonly roots: readonly string[];
}

/** Sources to unpack and roots to enter for these nodes; further roots by name. */
export function provisionFor(work: readonly PlanNode[], plan: Plan, roots: readonly string[]): Provision {
  const sources = work.flatMap((node) =>
    node.kind === "source" && node.origin.type !== "local" ? [node.origin] : [],
  );
  const names = new Set([...work.map((node) => node.root), ...roots]);
  return { sources, roots: [...names].filter((name) => name in plan.roots) };
}

/** Whether all of it is in the cache, so that neither network nor mirror have to be known. */
export function isProvided({ sources, roots }: Provision, plan: Plan, cacheDir: string): boolean {
  return (
    sources.every(
      (source) => source.type === "archive" && existsSync(downloadPath(cacheDir, source.sha256)),
    ) && roots.every((name) => existsSync(rootTree(cacheDir, plan.roots[name] ?? "")))
  );
}

export type Provided =
  | { readonly state: "done" }
  | { readonly state: "failed"; readonly failures: readonly Failure[] }
  /** Digests of files that every place said it has not. */
  | { readonly state: "gone"; readonly gone: ReadonlySet<string>; readonly failures: readonly Failure[] };

/** Downloads what is missing, all at once. */
export async function download(
  provision: Provision,
  lock: Lock,
  plan: Plan,
  mirrors: DebianMirrors,
  context: FetchContext,
): Promise<Provided> {
  const files: WantedFile[] = [];
  const failures: Failure[] = [];
  for (const source of provision.sources) {
    if (source.type === "git") {
      const fetched = await fetchGit(source, context);
      if (!fetched.ok) failures.push(...fetched.failures);
      continue;
    }
    files.push(sourceWantedFile(source, mirrors));
  }
  for (const name of provision.roots) {
    const locked = lock.roots[name];
    if (!locked || existsSync(rootTree(context.cacheDir, plan.roots[name] ?? ""))) continue;
    files.push(...rootWantedFiles(locked, mirrors));
  }
  const outcome = await downloadFiles(files, context);
  failures.push(...outcome.failures);
  if (failures.length === 0) return { state: "done" };
  if (outcome.gone.length === 0 || outcome.gone.length < failures.length)
    return { state: "failed", failures };
  return { state: "gone", gone: new Set(outcome.gone.map((file) => file.sha256)), failures };
}

/** Unpacks the roots whose packages are all there. */
export async function unpackRoots(
  names: readonly string[],
  lock: Lock,
  plan: Plan,
  project: Project,
  context: FetchContext,
): Promise<Result<undefined>> {
  for (const name of names) {
    const [locked, recipe, digest] = [lock.roots[name], project.roots.get(name), plan.roots[name]];
    if (!locked || !recipe || digest === undefined) throw new Error(`the plan has no root ${name}`);
    const { cacheDir, emit, signal, environment } = context;
    const { links } = recipe.value;
    const unpacked = await unpackRoot({ name, locked, links, cacheDir, digest, emit, signal, environment });
    if (!unpacked.ok) return failed(...unpacked.failures);
  }
  return ok(undefined);
}
