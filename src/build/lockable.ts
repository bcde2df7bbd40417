import { all, failed, ok, type Result } from "../failure/result.ts";
import type { SourceRequest } from "../lock/request.ts";
import { positionOf } from "../recipe/located.ts";
import { known } from "../recipe/known.ts";
import type { Project } from "../recipe/project.ts";
import type { RootRecipe } from "../recipe/schema/root.ts";
import { checkTarget, type CheckedTarget } from "./planner/check-target.ts";

/** What a lock has to name. */
export interface Lockable {
  readonly sources: readonly SourceRequest[];
  readonly roots: readonly RootRecipe[];
}

/** Sources and roots of everything that some targets use. */
export function lockable(project: Project, targets: readonly string[]): Result<Lockable> {
  const checked = all(targets.map((target) => checkTarget(project, target)));
  if (!checked.ok) return checked;
  const sources = new Map<string, SourceRequest>();
  const roots = new Map<string, RootRecipe>();
  for (const target of checked.value) {
    for (const request of sourcesOf(target)) sources.set(request.key, request);
    for (const name of rootsOf(target)) {
      const root = project.roots.get(name);
      if (!root) {
        return failed({
          code: "NVLAB_RECIPE",
          message: `there is no root '${name}'`,
          at: positionOf(target.target, ["root"]),
          hint: known("roots", project.roots.keys()),
        });
      }
      roots.set(name, root.value);
    }
  }
  return ok({ sources: [...sources.values()], roots: [...roots.values()] });
}

function sourcesOf({ components }: CheckedTarget): SourceRequest[] {
  return [...components.values()].flatMap(({ name, recipe }) =>
    Object.entries(recipe.sources).flatMap(([source, described]) =>
      "path" in described ? [] : [{ key: `${name}/${source}`, version: recipe.version, source: described }],
    ),
  );
}

function rootsOf({ components, target }: CheckedTarget): string[] {
  const { root, boot, check, reproduce } = target.value;
  const used = [root, ...[...components.values()].map(({ recipe }) => recipe.root)];
  return [...new Set([...used, ...[boot, check, reproduce].flatMap((apart) => apart?.root ?? [])])];
}
