import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { topologicalOrder } from "../../plan/order.ts";
import { positionOf, type Located } from "../../recipe/located.ts";
import { known } from "../../recipe/known.ts";
import type { Project } from "../../recipe/project.ts";
import type { TargetRecipe } from "../../recipe/schema/target.ts";
import { declaresOutput, resolveReference } from "./reference.ts";
import { referencesOf } from "./references-of.ts";
import { positionIn, resolveComponent, type ResolvedComponent } from "./resolve-component.ts";

export interface CheckedTarget {
  readonly target: Located<TargetRecipe>;
  /** Components and images in an order in which what is needed comes first. */
  readonly order: readonly string[];
  readonly components: ReadonlyMap<string, ResolvedComponent>;
  readonly images: ReadonlySet<string>;
}

/**
 * Follows everything a target names: the components it lists and those they need, and every reference to an
 * output. Reports all that leads nowhere, and cycles.
 */
export function checkTarget(project: Project, name: string): Result<CheckedTarget> {
  const target = project.targets.get(name);
  if (!target) {
    return failed({
      code: "NVLAB_USAGE",
      message: `there is no target '${name}'`,
      hint: known("targets", project.targets.keys()),
    });
  }
  const recipe = target.value;
  const images = new Set(Object.keys(recipe.images));
  const components = new Map<string, ResolvedComponent>();
  const failures: Failure[] = [];
  const edges = new Map<string, string[]>();

  const follow = (text: string, at: () => Failure["at"]): string[] => {
    const reference = resolveReference(text, images);
    const where = at();
    const insideImage = reference && images.has(reference.owner) && reference.path !== reference.owner;
    if (
      !reference ||
      insideImage ||
      !(images.has(reference.owner) || project.components.has(reference.owner))
    ) {
      failures.push({
        code: "NVLAB_RECIPE",
        message: `'${text}' names no image of this target and no component/output`,
        ...(where && { at: where }),
        hint: `${known("images", images)}; ${known("components", project.components.keys())}`,
      });
      return [];
    }
    if (images.has(reference.owner)) return [reference.owner];
    visit(reference.owner);
    const owner = project.components.get(reference.owner);
    if (owner && !declaresOutput(owner.recipe, reference.path)) {
      failures.push({
        code: "NVLAB_RECIPE",
        message: `'${reference.owner}' declares no output '${reference.path}'`,
        ...(where && { at: where }),
        hint: known("outputs", owner.recipe.outputs),
      });
    }
    return [reference.owner];
  };

  const visit = (component: string): void => {
    if (edges.has(component)) return;
    edges.set(component, []);
    const resolved = resolveComponent(project, target, component);
    if (!resolved.ok) {
      failures.push(...resolved.failures);
      return;
    }
    components.set(component, resolved.value);
    const needs = [...resolved.value.recipe.needs];
    for (const [index, need] of needs.entries()) {
      if (project.components.has(need)) visit(need);
      else {
        failures.push({
          code: "NVLAB_RECIPE",
          message: `'${component}' needs '${need}', which does not exist`,
          at: positionIn(resolved.value.component, ["needs", index]),
          hint: known("components", project.components.keys()),
        });
      }
    }
    for (const [index, step] of resolved.value.recipe.steps.entries()) {
      for (const { text, path } of referencesOf(step)) {
        needs.push(...follow(text, () => positionIn(resolved.value.component, ["steps", index, ...path])));
      }
    }
    edges.set(component, needs);
  };

  for (const component of Object.keys(recipe.components)) visit(component);
  for (const [image, step] of Object.entries(recipe.images)) {
    edges.set(
      image,
      referencesOf(step).flatMap(({ text, path }) =>
        follow(text, () => positionOf(target, ["images", image, ...path])),
      ),
    );
  }
  for (const [artifact, { output }] of Object.entries(recipe.artifacts)) {
    follow(output, () => positionOf(target, ["artifacts", artifact, "output"]));
  }
  for (const image of images) {
    if (!components.has(image)) continue;
    failures.push({
      code: "NVLAB_RECIPE",
      message: `the image '${image}' has the name of a component that this target uses`,
      at: positionOf(target, ["images", image]),
    });
  }
  if (failures.length > 0) return failed(...failures);

  const sorted = topologicalOrder([...edges.keys()], (one) => edges.get(one) ?? []);
  if ("cycle" in sorted) {
    const [first = ""] = sorted.cycle;
    const component = components.get(first)?.component;
    return failed({
      code: "NVLAB_RECIPE_CYCLE",
      message: `these need each other in a circle: ${sorted.cycle.join(" → ")}`,
      at: component ? positionIn(component, ["needs"]) : positionOf(target, ["images", first]),
    });
  }
  return ok({ target, order: sorted.order, components, images });
}
