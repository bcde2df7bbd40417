import { evaluateTarget, graphOf, type GraphNode } from "../../build/graph-target.ts";
import { ok } from "../../failure/result.ts";
import type { Run } from "../context.ts";
import type { GraphOptions } from "../options.ts";

export const run: Run<GraphOptions> = async (context, { target, format }) => {
  const evaluated = await evaluateTarget({ target, frozen: context.ci, sources: [] }, context);
  if (!evaluated.ok) return evaluated;
  const nodes = graphOf(evaluated.value);
  const data = { target: evaluated.value.prepared.planned.plan.target, nodes };
  return ok({ data, result: renderers[format](nodes) });
};

const renderers: Readonly<Record<GraphOptions["format"], (nodes: readonly GraphNode[]) => string>> = {
  json: (nodes) => JSON.stringify(nodes, null, 2),
  dot: (nodes) =>
    [
      "digraph nvlab {",
      "  rankdir=LR;",
      ...nodes.map(({ id, state }) => `  "${id}" [style=${state === "cached" ? "filled" : "dashed"}];`),
      ...edges(nodes, (from, to) => `  "${from}" -> "${to}";`),
      "}",
    ].join("\n"),
  mermaid: (nodes) =>
    [
      "flowchart LR",
      ...nodes.map(({ id, state }) => `  ${identifier(id)}["${id}"]${state === "cached" ? ":::cached" : ""}`),
      ...edges(nodes, (from, to) => `  ${identifier(from)} --> ${identifier(to)}`),
      "  classDef cached fill:#dfd",
    ].join("\n"),
};

/** From what is needed to what needs it. */
function edges(nodes: readonly GraphNode[], line: (from: string, to: string) => string): string[] {
  return nodes.flatMap(({ id, needs }) => needs.map((need) => line(need, id)));
}

/** Mermaid's ids take no slashes or dots; two names must not become one. */
function identifier(id: string): string {
  return id.replace(/[^A-Za-z0-9]/g, (sign) => `_${(sign.codePointAt(0) ?? 0).toString(16)}_`);
}
