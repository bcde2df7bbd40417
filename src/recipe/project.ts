import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { extendComponent, type Component } from "./extend.ts";
import { extendTarget } from "./extend-target.ts";
import { foldExtensions } from "./fold-extensions.ts";
import { Layers } from "./layers.ts";
import { positionOf, type Located } from "./located.ts";
import { readDocument } from "./read-document.ts";
import type { ComponentExtension, ComponentRecipe } from "./schema/component.ts";
import type { DocumentKind, DocumentOf } from "./schema/documents.ts";
import type { Project as ProjectFile } from "./schema/project.ts";
import type { RootRecipe } from "./schema/root.ts";
import type { TargetExtension, TargetRecipe } from "./schema/target.ts";

/** A project with everything its recipes say, layers merged. */
export interface Project {
  readonly directory: string;
  readonly file: Located<ProjectFile>;
  readonly layers: Layers;
  readonly components: ReadonlyMap<string, Component>;
  readonly targets: ReadonlyMap<string, Located<TargetRecipe>>;
  readonly roots: ReadonlyMap<string, Located<RootRecipe>>;
}

/** The nearest folder with an nvlab.yaml, from `start` upwards. */
export function findProjectDirectory(start: string): Result<string> {
  for (let directory = resolve(start); ; directory = dirname(directory)) {
    if (existsSync(join(directory, "nvlab.yaml"))) return ok(directory);
    if (directory === dirname(directory)) break;
  }
  return failed({
    code: "NVLAB_PROJECT",
    message: `no nvlab.yaml in ${resolve(start)} or any folder above it`,
    hint: "go to a project with -C DIR, or make one with `nvlab init`",
  });
}

/**
 * Loads a project and every recipe it can see. All faults of all files are reported at once.
 * `shippedDir` is the folder of nvlab itself, the lowest layer.
 */
export async function loadProject(
  directory: string,
  shippedDir: string,
  cacheDir: string,
): Promise<Result<Project>> {
  const file = await readDocument("project", join(directory, "nvlab.yaml"), "nvlab.yaml", cacheDir);
  if (!file.ok) return file;
  const withShipped = file.value.value.extends && resolve(shippedDir) !== resolve(directory);
  const layers = new Layers(withShipped ? [shippedDir, directory] : [directory], directory);
  const [components, targets, roots] = await Promise.all([
    readComponents(layers, cacheDir),
    readTargets(layers, cacheDir),
    readRoots(layers, cacheDir),
  ]);
  if (!components.ok || !targets.ok || !roots.ok) {
    return failed(...[components, targets, roots].flatMap((part) => (part.ok ? [] : part.failures)));
  }
  return ok({
    directory,
    file: file.value,
    layers,
    components: components.value,
    targets: targets.value,
    roots: roots.value,
  });
}

async function readFolder<K extends DocumentKind>(
  kind: K,
  folder: string,
  layers: Layers,
  cacheDir: string,
): Promise<Result<Located<DocumentOf<K>>[]>> {
  const failures: Failure[] = [];
  const found: Located<DocumentOf<K>>[] = [];
  for (const { absolute, stem } of layers.documents(folder)) {
    const document = await readDocument(kind, absolute, layers.shown(absolute), cacheDir);
    if (!document.ok) {
      failures.push(...document.failures);
      continue;
    }
    const name = (document.value.value as { name: string }).name;
    if (name !== stem) {
      failures.push({
        code: "NVLAB_RECIPE",
        message: `${kind} '${name}' is in a file called ${stem}.yaml`,
        at: positionOf(document.value, ["name"]),
        hint: `rename the file to ${name}.yaml`,
      });
    }
    found.push(document.value);
  }
  return failures.length > 0 ? failed(...failures) : ok(found);
}

async function readRoots(
  layers: Layers,
  cacheDir: string,
): Promise<Result<Map<string, Located<RootRecipe>>>> {
  const found = await readFolder("root", "recipes/roots", layers, cacheDir);
  if (!found.ok) return found;
  return ok(new Map(found.value.map((document) => [document.value.name, document])));
}

async function readComponents(layers: Layers, cacheDir: string): Promise<Result<Map<string, Component>>> {
  const found = await readFolder("component", "recipes/components", layers, cacheDir);
  if (!found.ok) return found;
  return foldExtensions<ComponentRecipe, ComponentExtension, Component>(found.value, {
    plural: "components",
    begin: (document) => ({ recipe: document.value, documents: [document] }),
    extend: extendComponent,
  });
}

async function readTargets(
  layers: Layers,
  cacheDir: string,
): Promise<Result<Map<string, Located<TargetRecipe>>>> {
  const found = await readFolder("target", "recipes/targets", layers, cacheDir);
  if (!found.ok) return found;
  return foldExtensions<TargetRecipe, TargetExtension, Located<TargetRecipe>>(found.value, {
    plural: "targets",
    begin: (document) => document,
    extend: extendTarget,
  });
}
