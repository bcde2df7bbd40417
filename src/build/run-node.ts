import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { StepExit } from "../exec/step-exit.ts";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { NodeInput, PlanNode } from "../plan/node.ts";
import { acquireBuildLock } from "../store/build-lock.ts";
import type { Entry } from "../store/entry.ts";
import { entryFolder, setAside } from "../store/lookup.ts";
import type { Staging } from "../store/store.ts";
import { changedFiles, changedKey, unusableInputs } from "./check-inputs.ts";
import { evaluateNode, type NodeState } from "./evaluate.ts";
import { runPatched } from "./run-patched.ts";
import { runScript } from "./run-script.ts";
import { runSource } from "./run-source.ts";
import type { Workshop } from "./workshop.ts";

export interface NodeRun {
  readonly state: Extract<NodeState, { state: "hit" }>;
  readonly outcome: "built" | "cached";
}

/**
 * Makes a node's output, or finds it in the store now that what it needs is there. Nobody else on this cache
 * makes the same at the same time.
 */
export async function runNode(
  node: PlanNode,
  states: ReadonlyMap<string, NodeState>,
  workshop: Workshop,
): Promise<Result<NodeRun>> {
  const state = evaluateNode(node, states, workshop.evaluation);
  if (state.state === "pending") throw new Error(`${node.id} was started before ${state.waitsFor}`);
  if (state.state === "hit") return ok({ state, outcome: "cached" });
  const { fingerprint, signature } = state;
  const { cacheDir, emit, signal, clock, store } = workshop;
  const lock = await acquireBuildLock({
    cacheDir,
    fingerprint,
    component: node.component,
    emit,
    signal,
    clock,
  });
  if (!lock.ok) return lock;
  try {
    const now = lock.value.waited || state.reason !== "asked" ? store.lookup(fingerprint) : undefined;
    if (now?.state === "hit") {
      return ok({ state: { ...state, state: "hit", entry: now.entry }, outcome: "cached" });
    }
    const entry = await makeEntry(
      node,
      { fingerprint, signature },
      states,
      workshop,
      state.reason === "asked",
    );
    if (!entry.ok) return entry;
    return ok({ state: { ...state, state: "hit", entry: entry.value }, outcome: "built" });
  } finally {
    lock.value.release();
  }
}

async function makeEntry(
  node: PlanNode,
  { fingerprint, signature }: Pick<Entry, "fingerprint" | "signature">,
  states: ReadonlyMap<string, NodeState>,
  workshop: Workshop,
  replace: boolean,
): Promise<Result<Entry>> {
  const { store, cacheDir, clock } = workshop;
  const staging = await store.begin(fingerprint);
  if (!staging.ok) return staging;
  const began = clock();
  const made = await makeUnchanged(node, staging.value, states, workshop);
  if (!made.ok) {
    const kept = keepLog(node, staging.value, cacheDir);
    await store.discard(staging.value);
    return failed(...made.failures.map((failure) => withLog(failure, kept)));
  }
  if (replace && existsSync(entryFolder(cacheDir, fingerprint))) {
    setAside(cacheDir, entryFolder(cacheDir, fingerprint), ["it was asked to be built anew"]);
  }
  const { cpuMs, peakBytes, lines } = made.value;
  const committed = await store.commit(staging.value, {
    node: node.id,
    component: node.component,
    tree: node.kind === "source" || node.kind === "patched",
    signature,
    report: { wallMs: clock() - began, cpuMs, peakBytes, lines },
  });
  if (!committed.ok) await store.discard(staging.value);
  return committed;
}

/** Looks at the project's files before, to fail early, and afterwards, when it counts. */
async function makeUnchanged(
  node: PlanNode,
  staging: Staging,
  states: ReadonlyMap<string, NodeState>,
  workshop: Workshop,
): Promise<Result<StepExit>> {
  const changed = (): Failure[] => [...changedFiles(node), ...changedKey(node, workshop.keyFile)];
  const before = changed();
  if (before.length > 0) return failed(...before);
  const made = await make(node, staging, states, workshop);
  const after = made.ok ? changed() : [];
  return after.length > 0 ? failed(...after) : made;
}

async function make(
  node: PlanNode,
  staging: Staging,
  states: ReadonlyMap<string, NodeState>,
  workshop: Workshop,
): Promise<Result<StepExit>> {
  const hostPathOf = (input: Pick<NodeInput, "node" | "path">): string => {
    const state = states.get(input.node);
    if (state?.state !== "hit") throw new Error(`${node.id} was started before ${input.node}`);
    return join(workshop.store.pathOf(state.fingerprint), input.path ?? "");
  };
  const unusable = unusableInputs(node, hostPathOf);
  if (unusable.length > 0) return failed(...unusable);
  switch (node.kind) {
    case "source":
      return runSource(node, staging, workshop);
    case "patched":
      return runPatched(
        node,
        node.source === undefined ? undefined : hostPathOf({ node: node.source }),
        staging,
        workshop,
      );
    case "config":
    case "build":
    case "image":
      return runScript(node, staging, hostPathOf, workshop);
  }
}

/** The log of a failed step outlives its staging folder. */
function keepLog(node: PlanNode, staging: Staging, cacheDir: string): string | undefined {
  if (!existsSync(staging.log)) return undefined;
  const kept = join(cacheDir, "logs", `${node.id.replaceAll("/", "-")}.log`);
  try {
    mkdirSync(join(cacheDir, "logs"), { recursive: true });
    copyFileSync(staging.log, kept);
    return kept;
  } catch {
    // The step's own failure says more than that of a full disk.
    return undefined;
  }
}

function withLog(failure: Failure, log: string | undefined): Failure {
  const ownPlace = failure.code === "NVLAB_KCONFIG" || failure.code === "NVLAB_CONTRACT";
  if (log === undefined || ownPlace) return failure;
  return { ...failure, details: [...(failure.details ?? []), `the whole log: ${log}`] };
}
