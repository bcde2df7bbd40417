import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { InputFile, PatchedNode, SourceNode } from "../../plan/node.ts";
import type { ComponentContext } from "./component-context.ts";
import { positionIn, positionOfEntry, type ResolvedComponent } from "./resolve-component.ts";

/**
 * Nodes of one source of a component, the finished tree last: the pristine tree, and for `main` the patched one where
 * there is something to change. A folder of the project is a tree of its own, unless `--source` gives another.
 */
export function treeNodes(
  component: ResolvedComponent,
  name: string,
  context: ComponentContext,
): Result<(SourceNode | PatchedNode)[]> {
  const described = component.recipe.sources[name];
  if (described && "path" in described && !context.overrides.has(component.name)) {
    return projectTree(component, name, described.path, context);
  }
  const source = sourceNode(component, name, context);
  if (!source.ok) return source;
  const patched = name === "main" ? patchedNode(component, source.value, context) : ok(undefined);
  if (!patched.ok) return patched;
  return ok([source.value, ...(patched.value ? [patched.value] : [])]);
}

/** A tree that is laid out of the project's own files, with nothing below them. */
function projectTree(
  component: ResolvedComponent,
  name: string,
  path: string,
  { layers }: ComponentContext,
): Result<PatchedNode[]> {
  const at = positionIn(component.component, ["sources", name]);
  if (name !== "main" || component.patches.length > 0) {
    return failed({
      code: "NVLAB_RECIPE",
      message:
        name === "main"
          ? `'${component.name}' has patches for a source that lies in the project`
          : `the source '${name}' of '${component.name}' cannot be a folder of the project`,
      at,
      hint: name === "main" ? "change its files themselves" : "name the folder in 'files'",
    });
  }
  const files = layers.tree(path);
  if (!files) {
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `the source folder ${path} of '${component.name}' does not exist`,
      at,
    });
  }
  const start = path.replace(/\/$/, "").length + 1;
  return ok([
    {
      kind: "patched",
      id: `${component.name}/patched`,
      component: component.name,
      root: component.recipe.root,
      patches: [],
      overlay: files.map((file) => ({ to: file.path.slice(start), file })),
    },
  ]);
}

function sourceNode(
  component: ResolvedComponent,
  name: string,
  context: ComponentContext,
): Result<SourceNode> {
  const key = `${component.name}/${name}`;
  const described = component.recipe.sources[name];
  const override = name === "main" ? context.overrides.get(component.name) : undefined;
  const origin = override ?? context.lock.sources[key];
  if (!origin) {
    return failed({
      code: "NVLAB_LOCK_STALE",
      message: `the lock does not name the source ${key}`,
      at: positionIn(component.component, ["sources", name]),
      hint: "resolve it with `nvlab lock`",
    });
  }
  return ok({
    kind: "source",
    id: name === "main" ? `${component.name}/source` : `${component.name}/source-${name}`,
    component: component.name,
    root: component.recipe.root,
    strip: described && "strip" in described ? described.strip : 1,
    origin,
  });
}

function patchedNode(
  component: ResolvedComponent,
  source: SourceNode,
  { layers }: ComponentContext,
): Result<PatchedNode | undefined> {
  const patches: InputFile[] = [];
  const overlay = new Map<string, InputFile>();
  const failures: Failure[] = [];
  for (const folder of component.patches) {
    const files = layers.tree(folder);
    if (!files) {
      failures.push({
        code: "NVLAB_FILE_MISSING",
        message: `the patch folder ${folder} of '${component.name}' does not exist`,
        at: positionOfEntry(component, "patches", folder),
      });
      continue;
    }
    for (const file of files) {
      const inside = file.path.slice(folder.replace(/\/$/, "").length + 1);
      if (inside.startsWith("files/")) overlay.set(inside.slice("files/".length), file);
      else if (inside.endsWith(".patch") && !inside.includes("/")) patches.push(file);
    }
  }
  if (failures.length > 0) return failed(...failures);
  if (patches.length === 0 && overlay.size === 0) return ok(undefined);
  return ok({
    kind: "patched",
    id: `${component.name}/patched`,
    component: component.name,
    root: component.recipe.root,
    source: source.id,
    patches,
    overlay: [...overlay].map(([to, file]) => ({ to, file })),
  });
}
