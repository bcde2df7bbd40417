import { ok } from "../../failure/result.ts";
import { testsOf } from "../../boot/test-selection.ts";
import { findProjectDirectory, loadProject } from "../../recipe/project.ts";
import type { Run } from "../context.ts";
import type { CompleteOptions } from "../options.ts";

/** Names for a shell that completes a line: a fault of the project is not for that moment. */
export const run: Run<CompleteOptions> = async (context, { kind }) => {
  const found = findProjectDirectory(context.directory);
  const directory = found.ok ? found.value : context.home;
  const project = await loadProject(directory, context.home, context.cacheDir);
  if (!project.ok) return ok({ data: [] });
  const targets = [...project.value.targets.keys()];
  const components = [...project.value.components.keys()];
  const recipes = [...project.value.components.values()].map(({ recipe }) => recipe);
  const tests = ["all", ...(testsOf(recipes) ?? [])];
  const names = { targets, components, tests, names: [...targets, ...components] }[kind] ?? [];
  return ok({ data: names.sort(), result: names.sort().join("\n") });
};
