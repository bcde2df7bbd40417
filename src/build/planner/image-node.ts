import type { Failure, Position } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { checkImage, renderImage } from "../../image/render.ts";
import type { FitKeys } from "../../image/fit-key.ts";
import type { RenderedImage } from "../../image/rendered.ts";
import type { InputFile, ScriptNode } from "../../plan/node.ts";
import type { Layers } from "../../recipe/layers.ts";
import { positionOf, type Located } from "../../recipe/located.ts";
import type { ImageStep } from "../../recipe/schema/image.ts";
import type { TargetRecipe } from "../../recipe/schema/target.ts";
import { inputsOf } from "./reference.ts";

export interface StagedImage {
  readonly rendered: RenderedImage;
  readonly files: readonly InputFile[];
}

/** Renders an image step and finds the project files it reads; `at` gives positions below the step. */
export function stageImage(
  step: ImageStep,
  output: string,
  target: string,
  layers: Layers,
  at: (path: readonly (string | number)[]) => Position,
  keys: FitKeys = new Map(),
): Result<StagedImage> {
  const failures: Failure[] = checkImage(step, keys).map(({ path, message }) => ({
    code: "NVLAB_RECIPE",
    message,
    at: at(path),
  }));
  const rendered = renderImage(step, output, target, keys);
  const files: InputFile[] = [];
  for (const path of rendered.projectPaths) {
    const found = filesAt(layers, path);
    if (found) files.push(...found);
    else {
      failures.push({
        code: "NVLAB_FILE_MISSING",
        message: `${path}, which ${output} is made from, does not exist`,
        at: at([]),
      });
    }
  }
  const byPath = new Map(files.map((file) => [file.path, file]));
  return failures.length > 0 ? failed(...failures) : ok({ rendered, files: [...byPath.values()] });
}

/** A file, or all files of a folder. */
export function filesAt(layers: Layers, path: string): InputFile[] | undefined {
  const file = layers.file(path);
  return file ? [file] : layers.tree(path);
}

/** The node of an image that the target itself lays out. */
export function imageNode(
  name: string,
  target: Located<TargetRecipe>,
  context: {
    readonly layers: Layers;
    readonly images: ReadonlySet<string>;
    readonly baseEnvironment: Readonly<Record<string, string>>;
    readonly fitKeys: FitKeys;
  },
): Result<ScriptNode[]> {
  const step = target.value.images[name];
  if (!step) throw new Error(`${target.value.name} has no image ${name}`);
  const at = (path: readonly (string | number)[]) => positionOf(target, ["images", name, ...path]);
  const staged = stageImage(step, name, target.value.name, context.layers, at, context.fitKeys);
  if (!staged.ok) return staged;
  const { rendered, files } = staged.value;
  return ok([
    {
      kind: "image",
      id: name,
      component: name,
      root: target.value.root,
      environment: context.baseEnvironment,
      script: rendered.script,
      texts: rendered.texts,
      files,
      inputs: inputsOf(rendered.references, context.images),
      outputs: rendered.outputs,
      ...(rendered.deviceTree && { deviceTree: rendered.deviceTree }),
      ...(rendered.signing && { signing: rendered.signing }),
    },
  ]);
}
