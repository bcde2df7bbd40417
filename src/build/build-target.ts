import { join } from "node:path";
import { sandboxPolicyVersion } from "../exec/sandbox.ts";
import { all, failed, ok, type Result } from "../failure/result.ts";
import { rememberNode, rememberRoots } from "../plan/last-build.ts";
import type { PlanNode } from "../plan/node.ts";
import { positionOf } from "../recipe/located.ts";
import type { ReleaseArtifact, ReleaseFacts } from "../release/facts.ts";
import { outFolderOf } from "../release/out-folder.ts";
import { writeRelease } from "../release/write-release.ts";
import type { Entry } from "../store/entry.ts";
import { openSession } from "../store/session.ts";
import { openStore, type Store } from "../store/store.ts";
import { commitOf } from "./commit.ts";
import { lockDigest } from "./lock-digest.ts";
import { evaluatePlan, workFor, type Evaluation, type NodeState } from "./evaluate.ts";
import type { BuildOutcome, BuiltNode } from "./outcome.ts";
import { readMemory, writeMemory } from "./memory.ts";
import { planRequested } from "./prepare.ts";
import type { Prepared } from "./prepared.ts";
import { releaseFacts } from "./release-facts.ts";
import type { BuildRequest, Surroundings } from "./request.ts";
import type { PlanRun } from "./run-plan.ts";
import { warningStore } from "./warning-store.ts";

/** A target that was built. What it is made of stays in the store until the work with it ends. */
export interface BuiltTarget {
  /** As prepared, or with a lock that was resolved anew on the way. */
  readonly now: Prepared;
  readonly nodes: readonly BuiltNode[];
  readonly anythingBuilt: boolean;
  /** Milliseconds since the build began. */
  readonly elapsed: () => number;
  readonly facts: () => Promise<ReleaseFacts>;
  readonly artifacts: () => Result<ReleaseArtifact[]>;
}

/** Builds a target: what is in the store is taken, the rest is made, and the out folder holds the result. */
export function buildTarget(
  request: BuildRequest,
  surroundings: Surroundings,
): Promise<Result<BuildOutcome>> {
  return withBuiltTarget(request, surroundings, async (built) => {
    const { cacheDir, emit, signal } = surroundings;
    const { project, planned } = built.now;
    const out = request.out ?? outFolderOf(project.directory, planned.plan.target);
    const outcome = { target: planned.plan.target, out, nodes: built.nodes };
    if (request.components.length > 0) return ok(outcome);
    const facts = await built.facts();
    const artifacts = built.artifacts();
    if (!artifacts.ok) return artifacts;
    const release = await writeRelease({ facts, artifacts: artifacts.value, out, cacheDir, signal });
    if (!release.ok) return release;
    for (const path of release.value.kept) {
      emit({
        type: "notice",
        level: "warning",
        message: `${path} in ${out} was changed by someone else and is left alone`,
      });
    }
    if (built.anythingBuilt || release.value.written.length > 0) {
      const { writeBuildReport } = await import("./build-report.ts");
      writeBuildReport(out, outcome, built.elapsed());
    }
    return ok({ ...outcome, release: release.value });
  });
}

/**
 * Builds a target and gives `use` what came of it.
 * @param also further nodes whose outputs are wanted, as the source trees of finished components
 */
export async function withBuiltTarget<T>(
  request: BuildRequest,
  surroundings: Surroundings,
  use: (built: BuiltTarget) => Promise<Result<T>>,
  also: (prepared: Prepared) => readonly string[] = () => [],
): Promise<Result<T>> {
  const { cacheDir, emit } = surroundings;
  const clock = Date.now;
  const began = clock();
  const session = openSession(cacheDir, clock);
  if (!session.ok) return session;
  try {
    const store = warningStore(openStore(cacheDir, { clock, session: session.value }), emit);
    const prepared = await planRequested(request, surroundings);
    if (!prepared.ok) return prepared;
    const commit = commitOf(prepared.value.project.directory);
    const wanted = wantedNodes(request, prepared.value);
    if (!wanted.ok) return wanted;
    const all = [...wanted.value, ...also(prepared.value)];
    const ran = await makeNodes(request, surroundings, prepared.value, all, store);
    if (!ran.ok) return ran;
    const { run, now } = ran.value;
    const { project, lock, planned } = now;
    remember(now, run, cacheDir);
    return await use({
      now,
      nodes: builtNodes(planned.plan.nodes, run, store),
      anythingBuilt: run.built.length > 0,
      elapsed: () => clock() - began,
      facts: async () =>
        releaseFacts({
          project,
          planned,
          lock,
          lockDigest: lockDigest(lock),
          commit: await commit,
          ...(request.releaseVersion !== undefined && { releaseVersion: request.releaseVersion }),
          incremental: request.incremental,
        }),
      artifacts: () => releaseArtifacts(now, run, store),
    });
  } finally {
    session.value.close();
  }
}

function wantedNodes(request: BuildRequest, { planned }: Prepared): Result<string[]> {
  const { plan, checked } = planned;
  const names = [...checked.components.keys(), ...checked.images];
  const unknown = [...request.components, ...request.rebuild].filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    return failed(
      ...unknown.map((name) => ({
        code: "NVLAB_USAGE" as const,
        message: `'${name}' is no component or image of ${plan.target}`,
        hint: `it has ${names.join(", ")}`,
      })),
    );
  }
  if (request.components.length > 0) return ok([...request.components]);
  return ok([...new Set(plan.artifacts.map((artifact) => artifact.node))]);
}

export interface MadeNodes {
  readonly run: PlanRun;
  /** As prepared, or with a lock that was resolved anew on the way. */
  readonly now: Prepared;
}

/** Evaluates the plan and runs what has to be run; loads what running needs only then. */
export async function makeNodes(
  request: BuildRequest,
  surroundings: Surroundings,
  prepared: Prepared,
  wanted: readonly string[],
  store: Store,
): Promise<Result<MadeNodes>> {
  const evaluation: Evaluation = {
    plan: prepared.planned.plan,
    sandboxPolicy: String(sandboxPolicyVersion),
    incremental: request.incremental,
    rebuild: new Set(request.rebuild),
    store,
  };
  const states = evaluatePlan(evaluation);
  if (workFor(prepared.planned.plan, states, wanted).length === 0) {
    return ok({ run: { states, built: [], failures: [] }, now: prepared });
  }
  const { runWork } = await import("./run-work.ts");
  return runWork({ request, surroundings, prepared, wanted, store, evaluation });
}

type HitState = Extract<NodeState, { state: "hit" }>;

function hits(run: PlanRun): Map<string, HitState> {
  const found = [...run.states].filter((pair): pair is [string, HitState] => pair[1].state === "hit");
  return new Map(found);
}

function builtNodes(nodes: readonly PlanNode[], run: PlanRun, store: Store): BuiltNode[] {
  const done = hits(run);
  const built = new Set(run.built);
  return nodes.flatMap((node) => {
    const state = done.get(node.id);
    if (!state) return [];
    const entry: Entry = state.entry;
    return {
      node: node.id,
      component: node.component,
      outcome: built.has(node.id) ? "built" : "cached",
      report: entry.report,
      path: store.pathOf(state.fingerprint),
    };
  });
}

function releaseArtifacts({ planned }: Prepared, run: PlanRun, store: Store): Result<ReleaseArtifact[]> {
  const done = hits(run);
  const { target } = planned.checked;
  return all(
    planned.plan.artifacts.map(({ path, kind, component, node, from }): Result<ReleaseArtifact> => {
      const state = done.get(node);
      if (!state) throw new Error(`${node} was not made, of which ${path} is an artifact`);
      const file = state.entry.files?.find((one) => one.path === from);
      if (file?.type !== "file") {
        return failed({
          code: "NVLAB_OUTPUT_MISSING",
          message: `the artifact ${path} has to be a file: '${component}' made ${file ? "a link" : "no file"} ${from}`,
          at: positionOf(target, ["artifacts", path, "output"]),
        });
      }
      const host = join(store.pathOf(state.fingerprint), from);
      return ok({ path, kind, component, host, sha256: file.sha256 });
    }),
  );
}

/** So that `nvlab why` can say what changed since. What was not made, as with --component, was not built so. */
function remember({ project, planned, lock }: Prepared, run: PlanRun, cacheDir: string): void {
  const { plan } = planned;
  const before = readMemory(cacheDir, project.directory, plan.target);
  const nodes = { ...before?.nodes };
  let changed = false;
  for (const node of plan.nodes) {
    const state = run.states.get(node.id);
    if (state?.state !== "hit" || nodes[node.id]?.fingerprint === state.fingerprint) continue;
    nodes[node.id] = rememberNode(node, { ...state, lines: state.entry.report.lines });
    changed = true;
  }
  if (!changed) return;
  writeMemory(cacheDir, project.directory, plan.target, {
    nodes,
    roots: rememberRoots(lock, Object.keys(plan.roots)),
  });
}
