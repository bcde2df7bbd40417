import { stringify } from "yaml";
import { openProject } from "../../build/prepare.ts";
import { failed, ok } from "../../failure/result.ts";
import { known } from "../../recipe/known.ts";
import type { Run } from "../context.ts";
import type { ShowOptions } from "../options.ts";

/** One recipe in full: all layers applied, defaults filled in, with what the lock chose for it. */
export const run: Run<ShowOptions> = async (context, { name }) => {
  const opened = await openProject(context);
  if (!opened.ok) return opened;
  const { project, lock } = opened.value;
  const component = project.components.get(name);
  const target = project.targets.get(name);
  const root = project.roots.get(name);
  if (component) {
    const locked = Object.fromEntries(
      Object.entries(lock?.sources ?? {}).filter(([key]) => key.startsWith(`${name}/`)),
    );
    const files = component.documents.map(({ file }) => file);
    return show("component", { ...component.recipe, recipes: files, locked });
  }
  if (target) return show("target", { ...target.value, file: target.file });
  if (root) return show("root", { ...root.value, file: root.file, locked: lock?.roots[name] ?? null });
  return failed({
    code: "NVLAB_USAGE",
    message: `there is no component, target or root '${name}'`,
    hint: known("names", [...project.components.keys(), ...project.targets.keys(), ...project.roots.keys()]),
  });
};

function show(kind: string, value: object) {
  const data = { kind, ...value };
  return ok({ data, result: stringify(data, { lineWidth: 110 }).trimEnd() });
}
