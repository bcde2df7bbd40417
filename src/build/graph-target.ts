import { sandboxPolicyVersion } from "../exec/sandbox.ts";
import { ok, type Result } from "../failure/result.ts";
import { openStore } from "../store/store.ts";
import { evaluatePlan, needsOf, type NodeState } from "./evaluate.ts";
import { planRequested } from "./prepare.ts";
import type { Prepared } from "./prepared.ts";
import type { Surroundings, TargetRequest } from "./request.ts";

export interface GraphNode {
  readonly id: string;
  readonly component: string;
  readonly kind: string;
  readonly needs: readonly string[];
  /** "cached": in the store; "missing": would be made; "pending": depends on what is missing. */
  readonly state: "cached" | "missing" | "pending";
  readonly fingerprint: string | null;
}

export interface EvaluatedTarget {
  readonly prepared: Prepared;
  readonly states: ReadonlyMap<string, NodeState>;
}

/** Plans a target and looks every node up, without running anything. */
export async function evaluateTarget(
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<EvaluatedTarget>> {
  const prepared = await planRequested(request, surroundings);
  if (!prepared.ok) return prepared;
  const states = evaluatePlan({
    plan: prepared.value.planned.plan,
    sandboxPolicy: String(sandboxPolicyVersion),
    rebuild: new Set(),
    store: openStore(surroundings.cacheDir, { clock: Date.now }),
  });
  return ok({ prepared: prepared.value, states });
}

export function graphOf({ prepared, states }: EvaluatedTarget): GraphNode[] {
  return prepared.planned.plan.nodes.map((node) => {
    const state = states.get(node.id);
    return {
      id: node.id,
      component: node.component,
      kind: node.kind,
      needs: needsOf(node),
      state: state?.state === "hit" ? "cached" : state?.state === "miss" ? "missing" : "pending",
      fingerprint: state && state.state !== "pending" ? state.fingerprint : null,
    };
  });
}
