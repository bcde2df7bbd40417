import { failed, ok, type Result } from "../../failure/result.ts";
import { renderModule } from "../../module/render.ts";
import type { InputFile, NodeInput, ScriptNode } from "../../plan/node.ts";
import type { ComponentContext } from "./component-context.ts";
import { filesAt, stageImage } from "./image-node.ts";
import { inputsOf } from "./reference.ts";
import { positionIn, type ResolvedComponent } from "./resolve-component.ts";

/** The node of all steps of a component but its kconfig step. */
export function buildNode(
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
  let modules: ScriptNode["modules"];
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
    if ("kernel-module" in step) {
      const rendered = renderModule(step["kernel-module"]);
      script.push(rendered.script);
      modules = rendered.modules;
      for (const output of rendered.outputs) outputs.add(output);
      needed.push(
        ...inputsBeside(
          component,
          rendered.references.map(({ text }) => text),
          context,
        ),
      );
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
    const taken = inputsBeside(component, staged.value.rendered.references, context);
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
    ...(modules && { modules }),
  });
}

/** Inputs for references, without those that are seen already in a need's folder. */
function inputsBeside(
  component: ResolvedComponent,
  references: readonly string[],
  { images }: ComponentContext,
): NodeInput[] {
  return inputsOf(references, images).filter(({ node }) => !component.recipe.needs.includes(node));
}
