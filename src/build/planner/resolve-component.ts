import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { Component } from "../../recipe/extend.ts";
import { positionOf, type Located } from "../../recipe/located.ts";
import { known } from "../../recipe/known.ts";
import type { Project } from "../../recipe/project.ts";
import type { ComponentRecipe, Parameter } from "../../recipe/schema/component.ts";
import type { KconfigStep } from "../../recipe/schema/step.ts";
import type { TargetRecipe } from "../../recipe/schema/target.ts";

/** A recipe as a target uses it: parameters bound, fragments and patches of the target added. */
export interface ResolvedComponent {
  readonly name: string;
  readonly recipe: ComponentRecipe;
  readonly component: Component;
  /** The target that uses it. */
  readonly target: Located<TargetRecipe>;
  /** The recipe's environment and the bound parameters. */
  readonly environment: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly kconfig?: KconfigStep["kconfig"];
  readonly patches: readonly string[];
}

type Value = string | number | boolean;

export function resolveComponent(
  project: Project,
  target: Located<TargetRecipe>,
  name: string,
): Result<ResolvedComponent> {
  const component = project.components.get(name);
  if (!component) {
    return failed({
      code: "NVLAB_RECIPE",
      message: `there is no component '${name}'`,
      at: positionOf(target, ["components", name]),
      hint: known("components", project.components.keys()),
    });
  }
  const use = target.value.components[name] ?? { with: {}, fragments: [], patches: [] };
  const recipe = component.recipe;
  const failures: Failure[] = [];
  for (const given of Object.keys(use.with)) {
    if (!(given in recipe.parameters)) {
      failures.push({
        code: "NVLAB_RECIPE",
        message: `'${name}' has no parameter ${given}`,
        at: positionOf(target, ["components", name, "with", given]),
        hint: known("parameters", Object.keys(recipe.parameters)),
      });
    }
  }
  const parameters: Record<string, string> = {};
  for (const [parameter, rule] of Object.entries(recipe.parameters)) {
    const value = use.with[parameter] ?? rule.default;
    const fault = value === undefined ? "has no default and is not given" : faultOf(rule, value);
    if (fault !== undefined) {
      failures.push({
        code: "NVLAB_RECIPE",
        message: `parameter ${parameter} of '${name}' ${fault}`,
        at: positionOf(target, ["components", name, "with", parameter]),
      });
    } else if (value !== undefined) parameters[parameter] = asText(value);
  }
  const kconfigSteps = recipe.steps.flatMap((step) => ("kconfig" in step ? [step.kconfig] : []));
  const [kconfig] = kconfigSteps;
  if (kconfigSteps.length > 1 || (kconfig && !("kconfig" in (recipe.steps[0] ?? {})))) {
    failures.push({
      code: "NVLAB_RECIPE",
      message: `'${name}' has its kconfig step more than once, or not first`,
      at: positionIn(component, ["steps"]),
      hint: "a component has one .config, made before anything else",
    });
  }
  if (recipe.steps.filter((step) => "kernel-module" in step).length > 1) {
    failures.push({
      code: "NVLAB_RECIPE",
      message: `'${name}' has more than one kernel-module step`,
      at: positionIn(component, ["steps"]),
      hint: "name all its modules in one, or make a component of each",
    });
  }
  if (use.fragments.length > 0 && !kconfig) {
    failures.push({
      code: "NVLAB_RECIPE",
      message: `'${name}' has no kconfig step that could take fragments`,
      at: positionOf(target, ["components", name, "fragments"]),
    });
  }
  if (failures.length > 0) return failed(...failures);
  return ok({
    name,
    recipe,
    component,
    target,
    parameters,
    environment: { ...recipe.environment, ...parameters },
    patches: [...new Set([...recipe.patches, ...use.patches])],
    ...(kconfig && {
      kconfig: { ...kconfig, fragments: [...new Set([...kconfig.fragments, ...use.fragments])] },
    }),
  });
}

/** Where a component's documents say something; the topmost layer that does is the one to look at. */
export function positionIn(component: Component, path: readonly (string | number)[]) {
  const key = path[0];
  const document =
    [...component.documents].reverse().find((one) => key !== undefined && key in one.value) ??
    component.documents[0];
  return document ? positionOf(document, path) : { file: component.recipe.name, line: 1, column: 1 };
}

/** Where a patch folder or a fragment is named: in the target, in an extension, or in the recipe itself. */
export function positionOfEntry(
  { name, component, target }: ResolvedComponent,
  list: "patches" | "fragments",
  entry: string,
) {
  const places: { document: Located<unknown>; path: (string | number)[]; entries: readonly string[] }[] = [];
  for (const document of component.documents) {
    const { value } = document;
    const own = list === "patches" ? value.patches : "fragments" in value ? value.fragments : undefined;
    places.push({ document, path: [list], entries: own ?? [] });
    for (const [index, step] of (value.steps ?? []).entries()) {
      if (list !== "fragments" || !("kconfig" in step)) continue;
      places.push({ document, path: ["steps", index, "kconfig", list], entries: step.kconfig.fragments });
    }
  }
  const used = target.value.components[name]?.[list] ?? [];
  places.push({ document: target, path: ["components", name, list], entries: used });
  const place = places.find(({ entries }) => entries.includes(entry));
  return place
    ? positionOf(place.document, [...place.path, place.entries.indexOf(entry)])
    : positionIn(component, [list]);
}

function faultOf(rule: Parameter, value: Value): string | undefined {
  const right = rule.type === "integer" ? Number.isInteger(value) : typeof value === rule.type;
  if (!right) return `is ${JSON.stringify(value)}, which is no ${rule.type}`;
  if (rule.values && !rule.values.some((allowed) => allowed === value)) {
    return `is ${JSON.stringify(value)}; allowed are ${rule.values.join(", ")}`;
  }
  return undefined;
}

/** As a shell sees it: true is 1, false is empty. */
function asText(value: Value): string {
  if (typeof value === "boolean") return value ? "1" : "";
  return String(value);
}
