import type { NodeInput, PlanNode } from "../plan/node.ts";
import type { Plan } from "../plan/plan.ts";
import { libraryPurl } from "./linked-library.ts";
import { reference } from "./references.ts";
import type { SbomInput } from "./sbom-input.ts";

/**
 * Who is made of whom, by bom-ref: the release of its artifacts, an artifact of components and other artifacts, a
 * component of the outputs of others that it was built with and of the libraries linked into it.
 */
export function dependenciesOf({ manifest, plan, linked }: SbomInput): Map<string, readonly string[]> {
  const components = new Set(manifest.components.map(({ name }) => name));
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const wholeNodes = new Map(
    plan.artifacts
      .filter(({ node }) => byId.get(node)?.component === node && !components.has(node))
      .map(({ node, path }) => [node, path]),
  );
  const contents = (inputs: readonly NodeInput[]): string[] =>
    inputs.flatMap(({ node: id }) => {
      const node = byId.get(id);
      if (node === undefined) return [];
      if (components.has(node.component)) return [reference.component(node.component)];
      const path = wholeNodes.get(id);
      return path === undefined ? contents(inputsOf(node)) : [reference.artifact(path)];
    });

  const graph = new Map<string, readonly string[]>();
  graph.set(
    reference.release,
    manifest.artifacts.map(({ path }) => reference.artifact(path)),
  );
  for (const { path, node: id } of plan.artifacts) {
    const node = byId.get(id);
    if (node === undefined) continue;
    const own = components.has(node.component)
      ? [reference.component(node.component)]
      : contents(inputsOf(node));
    graph.set(reference.artifact(path), unique(own));
  }
  for (const { name } of manifest.components) {
    const own = reference.component(name);
    const needs = contents(nodesOf(plan, name).flatMap(inputsOf)).filter((one) => one !== own);
    graph.set(own, unique([...needs, ...(linked.get(name) ?? []).map(libraryPurl)]));
  }
  return graph;
}

function nodesOf(plan: Pick<Plan, "nodes">, component: string): PlanNode[] {
  return plan.nodes.filter((node) => node.component === component);
}

function inputsOf(node: PlanNode): readonly NodeInput[] {
  return "inputs" in node ? node.inputs : [];
}

function unique(refs: readonly string[]): string[] {
  return [...new Set(refs)].sort();
}
