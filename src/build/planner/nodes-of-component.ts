import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { Lock } from "../../lock/lock.ts";
import type {
  InputFile,
  LocalSource,
  NodeInput,
  PatchedNode,
  PlanNode,
  ScriptNode,
  SourceNode,
} from "../../plan/node.ts";
import type { Layers } from "../../recipe/layers.ts";
import { renderInstall } from "../../kconfig/render.ts";
import { configNode } from "./config-node.ts";
import { filesAt, imageInputs, stageImage } from "./image-node.ts";
import { positionIn, positionOfEntry, type ResolvedComponent } from "./resolve-component.ts";

export interface ComponentContext {
  readonly layers: Layers;
  readonly lock: Lock;
  /** By component: local trees given with --source. */
  readonly overrides: ReadonlyMap<string, LocalSource>;
  readonly images: ReadonlySet<string>;
  readonly baseEnvironment: Readonly<Record<string, string>>;
}

/** Source, patched, config and build nodes of one component. */
export function nodesOfComponent(
  component: ResolvedComponent,
  context: ComponentContext,
): Result<PlanNode[]> {
  const nodes: PlanNode[] = [];
  const inputs: NodeInput[] = [];
  const failures: Failure[] = [];
  for (const name of Object.keys(component.recipe.sources)) {
    const source = sourceNode(component, name, context);
    if (!source.ok) {
      failures.push(...source.failures);
      continue;
    }
    nodes.push(source.value);
    const patched = name === "main" ? patchedNode(component, source.value, context) : ok(undefined);
    if (!patched.ok) failures.push(...patched.failures);
    else if (patched.value) nodes.push(patched.value);
    const tree = patched.ok && patched.value ? patched.value : source.value;
    inputs.push({ at: name === "main" ? "/src" : `/src-${name}`, node: tree.id });
  }
  const environment = { ...context.baseEnvironment, ...component.environment };
  const before: string[] = [];
  if (component.kconfig) {
    const config = configNode(component, component.kconfig, { ...context, environment, inputs });
    if (config.ok) {
      nodes.push(config.value);
      inputs.push({ at: "/config/.config", node: config.value.id, path: ".config" });
      before.push(renderInstall(component.kconfig));
    } else failures.push(...config.failures);
  }
  const build = buildNode(component, context, { environment, inputs, before });
  if (!build.ok) failures.push(...build.failures);
  else nodes.push(build.value);
  return failures.length > 0 ? failed(...failures) : ok(nodes);
}

function sourceNode(
  component: ResolvedComponent,
  name: string,
  context: ComponentContext,
): Result<SourceNode> {
  const key = `${component.name}/${name}`;
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
    strip: component.recipe.sources[name]?.strip ?? 1,
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

function buildNode(
  component: ResolvedComponent,
  context: ComponentContext,
  {
    environment,
    inputs,
    before,
  }: { environment: Record<string, string>; inputs: NodeInput[]; before: string[] },
): Result<ScriptNode> {
  const script = [...before];
  const texts: Record<string, string> = {};
  const files: InputFile[] = [];
  const outputs = new Set(component.recipe.outputs);
  for (const [index, path] of component.recipe.files.entries()) {
    const found = filesAt(context.layers, path);
    if (found) files.push(...found);
    else {
      return failed({
        code: "NVLAB_FILE_MISSING",
        message: `${path}, which '${component.name}' is made from, does not exist`,
        at: positionIn(component.component, ["files", index]),
      });
    }
  }
  const needed: NodeInput[] = component.recipe.needs.map((need) => ({ at: `/in/${need}`, node: need }));
  for (const [index, step] of component.recipe.steps.entries()) {
    if ("kconfig" in step) continue;
    if ("run" in step) {
      script.push(step.run);
      continue;
    }
    const staged = stageImage(step, step.initramfs.output, component.name, context.layers, (path) =>
      positionIn(component.component, ["steps", index, ...path]),
    );
    if (!staged.ok) return staged;
    script.push(staged.value.rendered.script);
    Object.assign(texts, staged.value.rendered.texts);
    files.push(...staged.value.files);
    outputs.add(step.initramfs.output);
    const covered = (input: NodeInput): boolean => component.recipe.needs.includes(input.node);
    const taken = imageInputs(staged.value.rendered, context.images).filter((input) => !covered(input));
    // A .config has a node of its own, and nothing can be mounted into /in/<need>, which is read-only.
    const inside = taken.find(({ node }) => component.recipe.needs.includes(node.replace(/\/config$/, "")));
    if (inside) {
      return failed({
        code: "NVLAB_RECIPE",
        message: `'${component.name}' needs ${inside.node.replace(/\/config$/, "")} as a whole and cannot take its .config beside`,
        at: positionIn(component.component, ["needs"]),
        hint: "leave it out of needs: what an initramfs names is seen without",
      });
    }
    needed.push(...taken);
  }
  return ok({
    kind: "build",
    id: component.name,
    component: component.name,
    root: component.recipe.root,
    environment,
    script: script.join("\n"),
    inputs: [...inputs, ...needed],
    files,
    texts,
    outputs: [...outputs],
  });
}
