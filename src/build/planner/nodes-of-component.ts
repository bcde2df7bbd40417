import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { renderInstall } from "../../kconfig/render.ts";
import type { NodeInput, PlanNode } from "../../plan/node.ts";
import { buildNode } from "./build-node.ts";
import type { ComponentContext } from "./component-context.ts";
import { configNode } from "./config-node.ts";
import type { ResolvedComponent } from "./resolve-component.ts";
import { treeNodes } from "./tree-nodes.ts";

/** Source, patched, config and build nodes of one component. */
export function nodesOfComponent(
  component: ResolvedComponent,
  context: ComponentContext,
): Result<PlanNode[]> {
  const nodes: PlanNode[] = [];
  const inputs: NodeInput[] = [];
  const failures: Failure[] = [];
  for (const name of Object.keys(component.recipe.sources)) {
    const made = treeNodes(component, name, context);
    if (!made.ok) {
      failures.push(...made.failures);
      continue;
    }
    nodes.push(...made.value);
    const tree = made.value.at(-1);
    if (tree) inputs.push({ at: name === "main" ? "/src" : `/src-${name}`, node: tree.id });
  }
  const environment = { ...context.baseEnvironment, ...component.environment };
  const before: string[] = [];
  if (component.kconfig) {
    const config = configNode(component, component.kconfig, { ...context, environment, inputs });
    if (config.ok) {
      nodes.push(config.value);
      inputs.push({ at: "/config/.config", node: config.value.id, path: ".config" });
      before.push(renderInstall(component.kconfig));
    } else failures.push(...config.failures);
  }
  const build = buildNode(component, context, { environment, inputs, before });
  if (!build.ok) failures.push(...build.failures);
  else nodes.push(build.value);
  return failures.length > 0 ? failed(...failures) : ok(nodes);
}
