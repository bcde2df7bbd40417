import { basename, join } from "node:path";
import { planRequested } from "../build/prepare.ts";
import type { Prepared } from "../build/prepared.ts";
import { providePrepared } from "../build/provide-prepared.ts";
import type { Surroundings, TargetRequest } from "../build/request.ts";
import { filesAt } from "../build/planner/image-node.ts";
import { all, failed, ok, type Result } from "../failure/result.ts";
import { contractFailures } from "../image/contract-check.ts";
import { positionOf } from "../recipe/located.ts";
import { outFolderOf } from "../release/out-folder.ts";
import { rootTree } from "../root/unpack-root.ts";
import { validateTrees, type Tree } from "./dt-schema.ts";
import { readTree } from "./read-tree.ts";
import { verdictFailures } from "./verdict-failures.ts";

export interface CheckRequest extends Pick<TargetRequest, "target" | "frozen"> {
  /** Absolute: trees to check in place of those in the out folder, such as one read from a running machine. */
  readonly trees: readonly string[];
  /** Absolute: where the built trees are; out/<target> of the project without. */
  readonly out?: string | undefined;
}

export interface CheckedTrees {
  readonly target: string;
  /** As they were named, or relative to the out folder. */
  readonly trees: readonly string[];
  readonly bindings: readonly string[];
}

/**
 * Checks device trees and bindings of a target with dt-schema, and the trees against the contract. Failures:
 * NVLAB_DEVICE_TREE and NVLAB_CONTRACT for what does not fit, all at once; NVLAB_RECIPE and NVLAB_FILE_MISSING before
 * anything is fetched.
 */
export async function checkTrees(
  request: CheckRequest,
  surroundings: Surroundings,
): Promise<Result<CheckedTrees>> {
  const prepared = await planRequested({ ...request, sources: [] }, surroundings);
  if (!prepared.ok) return prepared;
  const recipe = prepared.value.planned.checked.target;
  const { name: target, check } = recipe.value;
  if (check === undefined)
    return failed({
      code: "NVLAB_RECIPE",
      message: `the target ${target} does not say how its device trees are checked`,
      at: positionOf(recipe, []),
      hint: "give its recipe a section `check: { root: check }`",
    });
  const bindings = filesAt(prepared.value.project.layers, check.bindings);
  if (!bindings)
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `${check.bindings}, the folder of bindings, is not there`,
      at: positionOf(recipe, ["check", "bindings"]),
      hint: "correct the path, or put a binding there",
    });
  const hint = `run \`nvlab build ${target}\` first, or name a tree with --tree FILE`;
  const read = all(treesOf(request, prepared.value).map((tree) => readTree(tree, hint)));
  if (!read.ok) return read;
  const trees = read.value;
  const contract = contractOf(prepared.value);
  const broken = trees.flatMap(({ name, bytes }) => contractFailures({ name, bytes, contract, sources: [] }));
  const needed = () => ({ sources: [], roots: [check.root] });
  const provided = await providePrepared(prepared.value, needed, request.frozen, surroundings);
  if (!provided.ok) return provided;
  const root = rootTree(surroundings.cacheDir, provided.value.planned.plan.roots[check.root] ?? "");
  const found = await validateTrees({ root, bindings, trees }, surroundings);
  if (!found.ok) return found;
  const failures = [...verdictFailures(found.value), ...broken];
  if (failures.length > 0) return failed(...failures);
  return ok({ target, trees: trees.map(({ name }) => name), bindings: bindings.map(({ path }) => path) });
}

function treesOf(request: CheckRequest, { project, planned: { plan } }: Prepared): Tree[] {
  if (request.trees.length > 0) return request.trees.map((path) => ({ name: basename(path), path }));
  const out = request.out ?? outFolderOf(project.directory, plan.target);
  return plan.artifacts
    .filter(({ kind }) => kind === "device-tree")
    .map(({ path }) => ({ name: path, path: join(out, path) }));
}

/** The contract that the target's device trees promise to keep. */
function contractOf({ planned: { checked } }: Prepared): "nvlink-fusion" | undefined {
  const steps = Object.values(checked.target.value.images);
  return steps.flatMap((step) => ("device-tree" in step ? (step["device-tree"].contract ?? []) : []))[0];
}
