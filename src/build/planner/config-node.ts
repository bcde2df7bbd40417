import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { mergeRequested, parseFragment } from "../../kconfig/fragment.ts";
import { renderKconfig } from "../../kconfig/render.ts";
import type { NodeInput, RequestedOption, ScriptNode } from "../../plan/node.ts";
import type { Layers } from "../../recipe/layers.ts";
import type { KconfigStep } from "../../recipe/schema/step.ts";
import { positionOfEntry, type ResolvedComponent } from "./resolve-component.ts";

type Kconfig = KconfigStep["kconfig"];

/** What all fragments of a component ask for together, the later ones winning. */
export function requestedOptions(
  component: ResolvedComponent,
  kconfig: Kconfig,
  layers: Layers,
): Result<RequestedOption[]> {
  const fragments: RequestedOption[][] = [];
  const failures: Failure[] = [];
  for (const path of kconfig.fragments) {
    const text = layers.text(path);
    if (text === undefined) {
      failures.push({
        code: "NVLAB_FILE_MISSING",
        message: `the fragment ${path} of '${component.name}' does not exist`,
        at: positionOfEntry(component, "fragments", path),
      });
      continue;
    }
    const parsed = parseFragment(path, text);
    if (parsed.ok) fragments.push(parsed.value);
    else failures.push(...parsed.failures);
  }
  return failures.length > 0 ? failed(...failures) : ok(mergeRequested(fragments));
}

export function configNode(
  component: ResolvedComponent,
  kconfig: Kconfig,
  context: {
    readonly layers: Layers;
    readonly environment: Readonly<Record<string, string>>;
    readonly inputs: readonly NodeInput[];
  },
): Result<ScriptNode> {
  const requested = requestedOptions(component, kconfig, context.layers);
  if (!requested.ok) return requested;
  const { explainerFiles, ...rendered } = renderKconfig(kconfig, requested.value);
  return ok({
    ...rendered,
    kconfig: { ...rendered.kconfig, explainers: explainerFiles },
    kind: "config",
    id: `${component.name}/config`,
    component: component.name,
    root: component.recipe.root,
    environment: context.environment,
    inputs: [...context.inputs],
    files: [],
  });
}
