import { failed, ok, type Result } from "../failure/result.ts";
import { differences, type Difference } from "../plan/difference.ts";
import { rememberNode, rememberRoots, type BuildMemory } from "../plan/last-build.ts";
import type { PlanNode } from "../plan/node.ts";
import { evaluateTarget, type EvaluatedTarget } from "./graph-target.ts";
import { readMemory } from "./memory.ts";
import type { Surroundings, TargetRequest } from "./request.ts";

export interface NodeReason {
  readonly node: string;
  /** "stored": the store has this output; "never": it was not built here before. */
  readonly state: "stored" | "never" | "changed" | "gone" | "waits";
  readonly differences: readonly Difference[];
  /** The node whose output is not known yet. */
  readonly waitsFor?: string;
}

/** Why each node of a component would be made anew, or that it would not. Follows changes to where they began. */
export async function whyTarget(
  name: string,
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<NodeReason[]>> {
  const evaluated = await evaluateTarget(request, surroundings);
  if (!evaluated.ok) return evaluated;
  const { plan } = evaluated.value.prepared.planned;
  const own = plan.nodes.filter((node) => node.component === name);
  if (own.length === 0) {
    return failed({
      code: "NVLAB_USAGE",
      message: `'${name}' is no component or image of ${plan.target}`,
      hint: `it has ${[...new Set(plan.nodes.map((node) => node.component))].join(", ")}`,
    });
  }
  const reasons = new Map<string, NodeReason>();
  const follow = (node: PlanNode): void => {
    if (reasons.has(node.id)) return;
    const reason = reasonFor(node, evaluated.value, surroundings.cacheDir);
    reasons.set(node.id, reason);
    const further = [
      ...reason.differences.flatMap((one) => one.node ?? []),
      ...(reason.waitsFor === undefined ? [] : [reason.waitsFor]),
    ];
    for (const other of plan.nodes) if (further.includes(other.id)) follow(other);
  };
  own.forEach(follow);
  return ok([...reasons.values()]);
}

function reasonFor(node: PlanNode, { prepared, states }: EvaluatedTarget, cacheDir: string): NodeReason {
  const state = states.get(node.id);
  if (!state) throw new Error(`${node.id} was not evaluated`);
  if (state.state === "pending")
    return { node: node.id, state: "waits", differences: [], waitsFor: state.waitsFor };
  const memory = readMemory(cacheDir, prepared.project.directory, prepared.planned.plan.target);
  const before = memory?.nodes[node.id];
  if (!memory || !before)
    return { node: node.id, state: state.state === "hit" ? "stored" : "never", differences: [] };
  const inputs = "inputs" in node ? node.inputs : [];
  // Another root's packages are no reason.
  const own = (roots: BuildMemory["roots"]) => ({ [node.root]: roots[node.root] ?? [] });
  const found = differences(
    { node: before, roots: own(memory.roots) },
    {
      node: rememberNode(node, state),
      roots: own(rememberRoots(prepared.lock, Object.keys(prepared.planned.plan.roots))),
      nodeOf: (mount) =>
        node.kind === "patched" && mount === "source"
          ? node.source
          : inputs.find((input) => input.at === mount)?.node,
    },
  );
  if (state.state === "hit") return { node: node.id, state: "stored", differences: found };
  return { node: node.id, state: found.length > 0 ? "changed" : "gone", differences: found };
}
