import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { extendComponent, type Component } from "./extend.ts";
import { Layers } from "./layers.ts";
import { positionOf, type Located } from "./located.ts";
import { readDocument } from "./read-document.ts";
import type { ComponentExtension, ComponentRecipe } from "./schema/component.ts";
import type { DocumentKind, DocumentOf } from "./schema/documents.ts";
import type { Project as ProjectFile } from "./schema/project.ts";
import type { RootRecipe } from "./schema/root.ts";
import type { TargetRecipe } from "./schema/target.ts";

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
    readNamed("target", "recipes/targets", layers, cacheDir),
    readNamed("root", "recipes/roots", layers, cacheDir),
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
): Promise<Result<{ document: Located<DocumentOf<K>>; layer: number }[]>> {
  const failures: Failure[] = [];
  const found: { document: Located<DocumentOf<K>>; layer: number }[] = [];
  for (const { absolute, stem, layer } of layers.documents(folder)) {
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
    found.push({ document: document.value, layer });
  }
  return failures.length > 0 ? failed(...failures) : ok(found);
}

async function readNamed<K extends "target" | "root">(
  kind: K,
  folder: string,
  layers: Layers,
  cacheDir: string,
): Promise<Result<Map<string, Located<DocumentOf<K>>>>> {
  const found = await readFolder(kind, folder, layers, cacheDir);
  if (!found.ok) return found;
  return ok(new Map(found.value.map(({ document }) => [document.value.name, document])));
}

async function readComponents(layers: Layers, cacheDir: string): Promise<Result<Map<string, Component>>> {
  const found = await readFolder("component", "recipes/components", layers, cacheDir);
  if (!found.ok) return found;
  const documents = found.value.map(({ document }) => document);
  const byName = new Map<string, ComponentDocument[]>();
  for (const document of documents) {
    byName.set(document.value.name, [...(byName.get(document.value.name) ?? []), document]);
  }
  const components = new Map<string, Component>();
  const failures: Failure[] = [];
  const begun = new Set<string>();
  const hint = known(
    "components",
    documents.filter(isWhole).map(({ value }) => value.name),
  );
  // What is extended is finished first, whatever the names of the files: a recipe and its variants stay alike.
  const finished = (name: string): Component | undefined => {
    if (begun.has(name)) return components.get(name);
    begun.add(name);
    let component: Component | undefined;
    for (const document of byName.get(name) ?? []) {
      if (isWhole(document)) {
        component = { recipe: document.value, documents: [document] };
        continue;
      }
      if (!isExtension(document)) continue;
      const from = document.value.extends;
      const base = from === name ? component : finished(from);
      if (base) component = extendComponent(base, document);
      else {
        failures.push({
          code: "NVLAB_RECIPE",
          message: `'${name}' extends '${from}', which no layer has`,
          at: positionOf(document, ["extends"]),
          hint,
        });
      }
    }
    if (component) components.set(name, component);
    return component;
  };
  for (const name of byName.keys()) finished(name);
  return failures.length > 0 ? failed(...failures) : ok(components);
}

type ComponentDocument = Located<ComponentRecipe | ComponentExtension>;

function isExtension(document: ComponentDocument): document is Located<ComponentExtension> {
  return "extends" in document.value;
}

function isWhole(document: ComponentDocument): document is Located<ComponentRecipe> {
  return !isExtension(document);
}

/** "known targets: a, b": the hint of every name that was not found. */
export function known(what: string, names: Iterable<string>): string {
  const list = [...names].sort();
  return list.length === 0 ? `there are no ${what}` : `known ${what}: ${list.join(", ")}`;
}
