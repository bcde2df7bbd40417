import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Prepared } from "../../build/prepared.ts";
import type { InputFile } from "../../recipe/input-file.ts";
import type { BundleFile } from "./bundle-file.ts";

/** Folders of recipes, of which all come along: they are what controls compilation. */
const recipeFolders = ["recipes/components", "recipes/targets", "recipes/roots"];

/** Folder of the bundle for each layer: the project's own files, and those that came with nvlab. */
const ownFolder = "project";
const shippedFolder = "nvlab";

/**
 * The files of a project, and of nvlab's recipes below it, from which a target is made: recipes, patches, overlays,
 * configurations, device trees and scripts. Without those of the components that are left out.
 */
export function projectFiles({ project, planned }: Prepared, leftOut: ReadonlySet<string>): BundleFile[] {
  const { layers } = project;
  const files = new Map<string, BundleFile>();
  const add = (absolute: string, more: Pick<InputFile, "executable" | "sha256"> | undefined): void => {
    const layer = [...layers.directories].reverse().find((one) => !relative(one, absolute).startsWith(".."));
    if (layer === undefined) return;
    const folder = layer === project.directory ? ownFolder : shippedFolder;
    const path = `${folder}/${relative(layer, absolute)}`;
    files.set(path, {
      path,
      from: absolute,
      ...(more !== undefined && { executable: more.executable, sha256: more.sha256 }),
    });
  };
  for (const layer of layers.directories) {
    const file = join(layer, "nvlab.yaml");
    if (existsSync(file)) add(file, undefined);
  }
  for (const folder of recipeFolders)
    for (const { absolute, stem } of layers.documents(folder))
      if (folder !== recipeFolders[0] || !leftOut.has(stem)) add(absolute, undefined);
  for (const file of [...filesOfNodes(planned.plan.nodes, leftOut), ...fragments(project, planned, leftOut)])
    add(file.absolute, file);
  return [...files.values()];
}

function filesOfNodes(
  nodes: Prepared["planned"]["plan"]["nodes"],
  leftOut: ReadonlySet<string>,
): InputFile[] {
  return nodes
    .filter(({ component }) => !leftOut.has(component))
    .flatMap((node) => {
      if (node.kind === "source") return [];
      if (node.kind === "patched") return [...node.patches, ...node.overlay.map(({ file }) => file)];
      return [...node.files];
    });
}

/** A config step holds what its fragments ask for, and not the fragments. */
function fragments(
  { layers }: Prepared["project"],
  { checked }: Prepared["planned"],
  leftOut: ReadonlySet<string>,
): InputFile[] {
  return [...checked.components.values()]
    .filter(({ name }) => !leftOut.has(name))
    .flatMap(({ recipe }) => recipe.steps)
    .flatMap((step) => ("kconfig" in step ? step.kconfig.fragments : []))
    .flatMap((path) => layers.file(path) ?? []);
}
