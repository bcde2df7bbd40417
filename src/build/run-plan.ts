import type { Failure } from "../failure/failure.ts";
import type { PlanNode } from "../plan/node.ts";
import { schedule } from "../exec/schedule.ts";
import { needsOf, type NodeState } from "./evaluate.ts";
import { runNode } from "./run-node.ts";
import type { Workshop } from "./workshop.ts";

export interface PlanRun {
  /** States of all nodes afterwards. */
  readonly states: ReadonlyMap<string, NodeState>;
  /** Nodes that were really run. */
  readonly built: readonly string[];
  readonly failures: readonly Failure[];
}

/** Runs the nodes that have to be run, as many at once as the jobserver has tokens. */
export async function runPlan(
  work: readonly PlanNode[],
  before: ReadonlyMap<string, NodeState>,
  workshop: Workshop,
  keepGoing: boolean,
): Promise<PlanRun> {
  const states = new Map(before);
  const byId = new Map(work.map((node) => [node.id, node]));
  const built: string[] = [];
  const failures: Failure[] = [];
  const { emit, signal, clock } = workshop;
  emit({
    type: "plan",
    target: workshop.plan.target,
    nodes: work.map(({ id, component }) => ({ id, component })),
  });

  const run = async (id: string): Promise<"done" | "failed"> => {
    const node = byId.get(id);
    if (!node) throw new Error(`${id} is no node of this plan`);
    const began = clock();
    const expectedLines = workshop.expectedLines(id);
    emit({
      type: "node-started",
      node: id,
      component: node.component,
      ...(expectedLines !== undefined && { expectedLines }),
    });
    const ran = await runNode(node, states, workshop);
    const finished = {
      type: "node-finished",
      node: id,
      component: node.component,
      wall: clock() - began,
    } as const;
    if (!ran.ok) {
      emit({ ...finished, outcome: "failed", failures: ran.failures });
      failures.push(...ran.failures);
      return "failed";
    }
    states.set(id, ran.value.state);
    if (ran.value.outcome === "built") built.push(id);
    emit({ ...finished, outcome: ran.value.outcome });
    return "done";
  };

  const ended = await schedule(
    work.map((node) => ({
      id: node.id,
      needs: needsOf(node).filter((need) => byId.has(need)),
      cost: workshop.expectedLines(node.id) ?? 1,
    })),
    run,
    { acquire: (abort) => workshop.jobserver.acquire(abort), keepGoing, signal },
  );
  for (const [id, state] of ended) {
    const node = byId.get(id);
    if (state === "skipped" && node) {
      emit({ type: "node-finished", node: id, component: node.component, outcome: "skipped", wall: 0 });
    }
  }
  if (signal.aborted && failures.length === 0) {
    failures.push({
      code: "NVLAB_INTERRUPTED",
      message: "the build was interrupted; what was finished is kept",
    });
  }
  return { states, built, failures };
}
