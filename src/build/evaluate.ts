import { fingerprintOf, signatureOf, type Signature } from "../plan/fingerprint.ts";
import type { NodeInput, PlanNode } from "../plan/node.ts";
import type { Plan } from "../plan/plan.ts";
import type { Entry } from "../store/entry.ts";

interface Known {
  readonly signature: Signature;
  readonly fingerprint: string;
  /** A source or patched tree, whose fingerprint is also the digest of its output. */
  readonly tree: boolean;
}

/** What is known of a node before anything runs. */
export type NodeState =
  /** Its output is in the store. */
  | (Known & { readonly state: "hit"; readonly entry: Entry })
  /** Its fingerprint is known and the store has no such output. */
  | (Known & { readonly state: "miss"; readonly reason: "absent" | "altered" | "asked" })
  /** Its fingerprint depends on an output that has to be made first. */
  | { readonly state: "pending"; readonly waitsFor: string };

export type Found =
  | { readonly state: "hit"; readonly entry: Entry }
  | { readonly state: "miss" }
  | { readonly state: "altered" };

/** The part of the store that evaluating needs. */
export interface Lookup {
  readonly lookup: (fingerprint: string) => Found;
  readonly digestOf: (entry: Entry, path?: string) => string | undefined;
}

export interface Evaluation {
  readonly plan: Plan;
  readonly sandboxPolicy: string;
  /** Components are built in work folders that are kept. */
  readonly incremental?: boolean;
  /** Components whose store entries are not to be used. */
  readonly rebuild: ReadonlySet<string>;
  readonly store: Lookup;
}

/** In a signature: a need was made without the path that is taken from it. Running such a node fails. */
const absentOutput = "absent";

/** States of all nodes that can be told without running any. */
export function evaluatePlan(evaluation: Evaluation): Map<string, NodeState> {
  const states = new Map<string, NodeState>();
  for (const node of evaluation.plan.nodes) states.set(node.id, evaluateNode(node, states, evaluation));
  return states;
}

/** State of one node, where the states of what it needs are known. */
export function evaluateNode(
  node: PlanNode,
  states: ReadonlyMap<string, NodeState>,
  { plan, sandboxPolicy, incremental = false, rebuild, store }: Evaluation,
): NodeState {
  const waitsFor = needsOf(node).find((id) => digestOfState(states.get(id), store) === undefined);
  if (waitsFor !== undefined) return { state: "pending", waitsFor };
  const outputDigest = ({ node: id, path }: Pick<NodeInput, "node" | "path">): string => {
    return digestOfState(states.get(id), store, path) ?? absentOutput;
  };
  const signature = signatureOf(node, {
    rootDigest: (root) => plan.roots[root] ?? "",
    outputDigest,
    sandboxPolicy,
    epoch: plan.epoch,
    incremental,
  });
  const fingerprint = fingerprintOf(signature);
  const tree = isTreeNode(node);
  if (rebuild.has(node.component) && !tree) {
    return { state: "miss", tree, signature, fingerprint, reason: "asked" };
  }
  const found = store.lookup(fingerprint);
  if (found.state === "hit") return { state: "hit", tree, signature, fingerprint, entry: found.entry };
  const reason = found.state === "altered" ? "altered" : "absent";
  return { state: "miss", tree, signature, fingerprint, reason };
}

/** A tree's digest is known before it is there; any other output's only once it was made. */
function digestOfState(state: NodeState | undefined, store: Lookup, path?: string): string | undefined {
  if (state === undefined || state.state === "pending") return undefined;
  if (state.tree) return state.fingerprint;
  return state.state === "hit" ? store.digestOf(state.entry, path) : undefined;
}

function isTreeNode(node: PlanNode): boolean {
  return node.kind === "source" || node.kind === "patched";
}

export function needsOf(node: PlanNode): string[] {
  switch (node.kind) {
    case "source":
      return [];
    case "patched":
      return node.source === undefined ? [] : [node.source];
    case "config":
    case "build":
    case "image":
      return [...new Set(node.inputs.map((input) => input.node))];
  }
}

/**
 * The nodes that have to be run so that the wanted ones have outputs, in the plan's order. What is in the
 * store is not looked behind: a source that was collected is not fetched again for a finished build.
 */
export function workFor(
  plan: Plan,
  states: ReadonlyMap<string, NodeState>,
  wanted: Iterable<string>,
): PlanNode[] {
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const work = new Set<string>();
  const visit = (id: string): void => {
    const node = byId.get(id);
    if (!node || work.has(id) || states.get(id)?.state === "hit") return;
    work.add(id);
    for (const need of needsOf(node)) visit(need);
  };
  for (const id of wanted) visit(id);
  return plan.nodes.filter((node) => work.has(node.id));
}
