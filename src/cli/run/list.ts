import { openProject } from "../../build/prepare.ts";
import { ok } from "../../failure/result.ts";
import { renderTable } from "../../report/table.ts";
import type { Run } from "../context.ts";

export const run: Run<unknown> = async (context) => {
  const opened = await openProject(context);
  if (!opened.ok) return opened;
  const { project, lock } = opened.value;
  const targets = [...project.targets.values()].map(({ value }) => ({
    name: value.name,
    summary: value.summary,
    components: Object.keys(value.components),
    bootable: value.boot !== undefined,
  }));
  const components = [...project.components.values()].map(({ recipe }) => ({
    name: recipe.name,
    version: recipe.version,
    locked: lock?.sources[`${recipe.name}/main`]?.version ?? null,
    license: recipe.license,
    summary: recipe.summary,
  }));
  const roots = [...project.roots.values()].map(({ value }) => ({
    name: value.name,
    summary: value.summary,
    packages: lock?.roots[value.name]?.packages.length ?? null,
  }));
  const { paint } = context;
  const tables = [
    renderTable(
      [{ title: "target" }, { title: "summary" }],
      targets.map(({ name, summary }) => [name, summary]),
      paint,
    ),
    renderTable(
      [{ title: "component" }, { title: "version" }, { title: "license" }, { title: "summary" }],
      components.map(({ name, version, locked, license, summary }) => [
        name,
        locked !== null && locked !== version ? `${version} (locked ${locked})` : version,
        license,
        summary,
      ]),
      paint,
    ),
    renderTable(
      [{ title: "root" }, { title: "packages", align: "right" }, { title: "summary" }],
      roots.map(({ name, summary, packages }) => [
        name,
        packages === null ? "not locked" : String(packages),
        summary,
      ]),
      paint,
    ),
  ];
  return ok({ data: { targets, components, roots }, result: tables.join("\n\n") });
};
