import { baseEnvironment } from "../../exec/base-environment.ts";
import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { Lock } from "../../lock/lock.ts";
import { rootDigest } from "../../root/root-digest.ts";
import type { FitKeys } from "../../image/fit-key.ts";
import type { LocalSource, PlanNode } from "../../plan/node.ts";
import type { Plan, PlanArtifact } from "../../plan/plan.ts";
import { positionOf } from "../../recipe/located.ts";
import type { Project } from "../../recipe/project.ts";
import { checkTarget, type CheckedTarget } from "./check-target.ts";
import { imageNode } from "./image-node.ts";
import { nodesOfComponent } from "./nodes-of-component.ts";
import { resolveReference } from "./reference.ts";

export interface PlanRequest {
  readonly project: Project;
  readonly lock: Lock;
  readonly target: string;
  /** By component: local trees given with --source. */
  readonly overrides: ReadonlyMap<string, LocalSource>;
  /** Those that the target's images name; none where they name none. */
  readonly fitKeys?: FitKeys;
}

/** The target's whole graph of work as plain data, with the recipes it came from. */
export interface PlannedTarget {
  readonly plan: Plan;
  readonly checked: CheckedTarget;
}

export function planTarget(request: PlanRequest): Result<PlannedTarget> {
  const checkedResult = checkTarget(request.project, request.target);
  if (!checkedResult.ok) return checkedResult;
  const checked = checkedResult.value;
  const { project, lock } = request;
  const failures: Failure[] = [];
  for (const override of request.overrides.keys()) {
    if (checked.components.get(override)?.recipe.sources.main === undefined) {
      failures.push({
        code: "NVLAB_SOURCE_OVERRIDE",
        message: `--source ${override}=…: '${override}' is no component of ${request.target} that has a source`,
      });
    }
  }
  const context = {
    layers: project.layers,
    lock,
    overrides: request.overrides,
    images: checked.images,
    baseEnvironment: baseEnvironment(lock.epoch),
    fitKeys: request.fitKeys ?? new Map(),
  };
  const nodes: PlanNode[] = [];
  for (const name of checked.order) {
    const component = checked.components.get(name);
    const made = component ? nodesOfComponent(component, context) : imageNode(name, checked.target, context);
    if (made.ok) nodes.push(...made.value);
    else failures.push(...made.failures);
  }
  const { boot, check, reproduce } = checked.target.value;
  const roots: Record<string, string> = {};
  for (const root of new Set([
    ...nodes.map((node) => node.root),
    ...[boot, check, reproduce].flatMap((apart) => apart?.root ?? []),
  ])) {
    const locked = lock.roots[root];
    const recipe = project.roots.get(root);
    if (locked && recipe) roots[root] = rootDigest(locked, recipe.value);
    else {
      failures.push({
        code: recipe ? "NVLAB_LOCK_STALE" : "NVLAB_RECIPE",
        message: recipe ? `the lock does not name the root '${root}'` : `there is no root '${root}'`,
        at: recipe ? positionOf(recipe, ["name"]) : positionOf(checked.target, ["root"]),
        ...(recipe && { hint: "resolve it with `nvlab lock`" }),
      });
    }
  }
  if (failures.length > 0) return failed(...failures);
  return ok({
    checked,
    plan: {
      target: request.target,
      epoch: lock.epoch,
      nodes,
      artifacts: artifactsOf(checked),
      roots,
      ...(boot && { boot }),
    },
  });
}

function artifactsOf(checked: CheckedTarget): PlanArtifact[] {
  return Object.entries(checked.target.value.artifacts).flatMap(([path, { output, kind }]) => {
    const reference = resolveReference(output, checked.images);
    if (!reference) return [];
    return [{ path, kind, component: reference.owner, node: reference.node, from: reference.path }];
  });
}
