import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lockDigest } from "../build/lock-digest.ts";
import type { Surroundings } from "../build/request.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Lock } from "../lock/lock.ts";
import { writeLock } from "../lock/write-lock.ts";
import { findProjectDirectory } from "../recipe/project.ts";
import { outFolderOf } from "../release/out-folder.ts";
import { sha256Integrity } from "../release/integrity.ts";
import { removeTree } from "../store/remove-tree.ts";
import { openSession } from "../store/session.ts";
import { makeTemporaryFolder } from "../store/staging.ts";
import { openStore } from "../store/store.ts";
import { projectAt } from "./checkout.ts";
import { compareMade } from "./compare.ts";
import { conditionsOf, type Conditions } from "./conditions.ts";
import { hasDiffoscope } from "./diffoscope.ts";
import { lockOf, notRebuildable, readOriginal, type Original } from "./from-release.ts";
import { nodeInStore, type Made } from "./made.ts";
import { marksOf } from "./marks.ts";
import { planRebuild, type PlannedRebuild } from "./plan-rebuild.ts";
import { prepareTools, type PreparedTools } from "./prepare-tools.ts";
import { makeProbeFolder, probeInside } from "./probe-inside.ts";
import { probeOutside } from "./probe-outside.ts";
import { rebuild, type RebuildRequest, type Rebuilt } from "./rebuild.ts";
import type { ReproduceReport } from "./report.ts";
import { tellDifferences } from "./tell-differences.ts";
import type { Choice } from "./variation.ts";
import { judgeVariations, missedVariations, type Observations } from "./varied.ts";

export interface ReproduceRequest {
  /** The project's default target without; that of the manifest with `from`. */
  readonly target: string | undefined;
  readonly choice: Choice;
  /** Rebuild once, and compare with the out folder. */
  readonly once: boolean;
  /** Absolute; out/<target> without. */
  readonly out: string | undefined;
  /** Absolute: a release folder or a manifest, to rebuild and to compare with. */
  readonly from: string | undefined;
  readonly components: readonly string[];
  readonly except: readonly string[];
  readonly jobs: number | undefined;
}

export interface Reproduced {
  readonly report: ReproduceReport;
  /** Text of the manifest that a statement is about; absent where only components were made. */
  readonly manifestText?: string;
}

/** Builds a target again under other conditions, and compares. Leaves nothing but what it returns. */
export async function reproduceTarget(
  request: ReproduceRequest,
  surroundings: Surroundings,
): Promise<Result<Reproduced>> {
  const { cacheDir } = surroundings;
  const session = openSession(cacheDir, Date.now);
  if (!session.ok) return session;
  const work = makeTemporaryFolder(cacheDir);
  try {
    const given = request.from === undefined ? ok(undefined) : await original(request.from, surroundings);
    if (!given.ok) return given;
    const around = await surroundingsFor(given.value, surroundings, work);
    if (!around.ok) return around;
    const store = openStore(cacheDir, { clock: Date.now, session: session.value });
    const target = given.value?.from.manifest.target ?? request.target;
    const planned = await planRebuild(target, request, around.value, store);
    if (!planned.ok) return planned;
    const compared = await comparedWith(request, given.value?.from, planned.value, around.value);
    if (!compared.ok) return compared;
    return await reproduce(
      { request, planned: planned.value, compared: compared.value, work, ownHome: surroundings.home },
      around.value,
    );
  } finally {
    await removeTree(work);
    session.value.close();
  }
}

interface Given {
  readonly from: Original;
  readonly lock: Lock;
}

async function original(path: string, surroundings: Surroundings): Promise<Result<Given>> {
  const from = await readOriginal(path, surroundings.signal);
  if (!from.ok) return from;
  const obstacle = notRebuildable(from.value);
  if (obstacle !== undefined)
    return failed({ code: "NVLAB_REPRODUCE", message: `${path} cannot be rebuilt: ${obstacle}` });
  const lock = await lockOf(from.value, surroundings.lockFile);
  return lock.ok ? ok({ from: from.value, lock: lock.value }) : lock;
}

/** The project at the commit of the original, and its lock; the project as it is without one. */
async function surroundingsFor(
  given: Given | undefined,
  surroundings: Surroundings,
  work: string,
): Promise<Result<Surroundings>> {
  const found = findProjectDirectory(surroundings.directory);
  if (!found.ok) return found;
  if (given === undefined) return ok(surroundings);
  const { commit } = given.from.manifest.project;
  const project = await projectAt(found.value, commit, join(work, "checkout"), surroundings.signal);
  if (!project.ok) return project;
  const lockFile = join(work, "nvlab.lock");
  const written = await writeLock(lockFile, given.lock);
  if (!written.ok) return written;
  const own = found.value === surroundings.home;
  return ok({
    ...surroundings,
    directory: project.value,
    lockFile,
    ...(own && { home: project.value }),
  });
}

/** What the rebuild is compared with; undefined where there are two rebuilds, to compare with each other. */
async function comparedWith(
  request: ReproduceRequest,
  given: Original | undefined,
  { prepared }: PlannedRebuild,
  surroundings: Surroundings,
): Promise<Result<Original | undefined>> {
  if (given !== undefined || !request.once) return ok(given);
  const { project, planned, lock } = prepared;
  const { target } = planned.plan;
  const built = await readOriginal(
    request.out ?? outFolderOf(project.directory, target),
    surroundings.signal,
  );
  if (!built.ok) return built;
  if (
    built.value.manifest.target === target &&
    built.value.manifest.lock === sha256Integrity(lockDigest(lock))
  )
    return built;
  return failed({
    code: "NVLAB_REPRODUCE",
    message: `${built.value.folder} was built for another target or with another lock`,
    hint: `run \`nvlab build ${target}\` first`,
  });
}

interface Setting {
  readonly request: ReproduceRequest;
  readonly planned: PlannedRebuild;
  readonly compared: Original | undefined;
  readonly work: string;
  /** Folder of the nvlab that runs. */
  readonly ownHome: string;
}

async function reproduce(setting: Setting, surroundings: Surroundings): Promise<Result<Reproduced>> {
  const { request, planned, compared, work, ownHome } = setting;
  const { choice, except, components } = request;
  const { prepared, roots, needs } = planned;
  const { signal } = surroundings;
  const { tools, reasons } = await prepareTools({
    build: roots.build,
    vary: roots.vary,
    home: ownHome,
    folder: join(work, "tools"),
    signal,
  });
  const again = (conditions: Conditions) =>
    rebuild(conditions, rebuildRequest(setting, surroundings, { tools, reasons }));
  const affinity = allowedCpus();
  const before = compared
    ? await plainly(compared, planned, work, signal)
    : await again(conditionsOf("first", choice, affinity));
  if (!before.ok) return before;
  const conditions = conditionsOf("second", choice, affinity);
  const after = await again(conditions);
  if (!after.ok) return after;
  const one = compared
    ? withStoredNodes(before.value.made, after.value.made, surroundings.cacheDir)
    : before.value.made;
  const differences = compareMade(one, after.value.made, needs);
  if (after.value.notPreloaded) {
    reasons.time ??= "Node cannot be started with libfaketime on this machine";
    reasons.fileordering ??= "Node cannot be started with the library for it on this machine";
  }
  const told = await tellDifferences(differences, {
    marks: marksOf(before.value.observed, after.value.observed, conditions),
    diffoscope: roots.boot !== undefined && hasDiffoscope(roots.boot) ? roots.boot : undefined,
    scratch: join(work, "diffoscope"),
    signal,
  });
  const variations = judgeVariations(choice, before.value.observed, after.value.observed, reasons);
  for (const { name, place, note } of missedVariations(choice, variations)) {
    surroundings.emit({
      type: "notice",
      level: "warning",
      message: `${name} was not varied ${place} the sandbox: ${note}`,
    });
  }
  const { manifestText } = before.value;
  return ok({
    report: {
      target: prepared.planned.plan.target,
      compared: [compared?.folder ?? one.label, after.value.made.label],
      files: new Set([...one.files.keys(), ...after.value.made.files.keys()]).size,
      identical: told.length === 0,
      differences: told,
      variations,
      taken: except,
      manifestSha256: manifestText === undefined ? null : sha256(manifestText),
    },
    ...(components.length === 0 && manifestText !== undefined && { manifestText }),
  });
}

function rebuildRequest(
  { request, planned, compared, work, ownHome }: Setting,
  surroundings: Surroundings,
  { tools }: PreparedTools,
): RebuildRequest {
  const { project, lock, planned: target } = planned.prepared;
  return {
    work,
    cacheDir: surroundings.cacheDir,
    home: ownHome,
    project: project.directory,
    ownProject: surroundings.home !== ownHome,
    target: target.plan.target,
    components: request.components,
    releaseVersion: compared?.manifest.releaseVersion,
    jobs: request.jobs,
    lock,
    taken: planned.taken,
    root: planned.roots.build,
    tools,
    choice: request.choice,
    path: surroundings.environment.PATH ?? "/usr/bin:/bin",
    emit: surroundings.emit,
    signal: surroundings.signal,
  };
}

/** The original, and what probes see where nothing is varied: as it was made, as far as anybody can know. */
async function plainly(
  compared: Original,
  planned: PlannedRebuild,
  work: string,
  signal: AbortSignal,
): Promise<Result<Rebuilt>> {
  const folder = join(work, "probe");
  const scratch = join(work, "plain");
  makeProbeFolder(folder);
  mkdirSync(scratch, { recursive: true });
  const outside = probeOutside(folder);
  const inside = await probeInside({ root: planned.roots.build, folder, scratch, signal });
  if (!inside.ok) return inside;
  const observed: Observations = { outside, inside: inside.value };
  return ok({ made: compared.made, observed, manifestText: compared.text, notPreloaded: false });
}

/** The store knows what nodes made for an original that was built here: by it the origin of a difference is found. */
function withStoredNodes(one: Made, other: Made, cacheDir: string): Made {
  return {
    ...one,
    nodes: other.nodes.flatMap(({ fingerprint }) => nodeInStore(cacheDir, fingerprint) ?? []),
  };
}

/** CPUs that this process may run on, as numbers. */
function allowedCpus(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return list.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
