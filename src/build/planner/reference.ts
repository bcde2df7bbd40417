import type { NodeInput } from "../../plan/node.ts";
import type { ComponentRecipe } from "../../recipe/schema/component.ts";

/** What an output reference names: an image of the target, a component's output, or its final .config. */
export interface Reference {
  readonly owner: string;
  readonly node: string;
  readonly path: string;
}

/**
 * Resolves `component/path` or the name of an image. A component's `.config` is an output of its
 * configuration, not of its build.
 */
export function resolveReference(text: string, images: ReadonlySet<string>): Reference | undefined {
  if (images.has(text)) return { owner: text, node: text, path: text };
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const owner = text.slice(0, slash);
  const path = text.slice(slash + 1);
  return { owner, node: path === ".config" ? `${owner}/config` : owner, path };
}

/** Where a referenced output is seen in the sandbox. */
function mountOf(text: string): string {
  return `/in/${text}`;
}

/** What is mounted for references; those that lead nowhere were reported before. */
export function inputsOf(references: readonly string[], images: ReadonlySet<string>): NodeInput[] {
  return references.flatMap((text) => {
    const reference = resolveReference(text, images);
    return reference ? [{ at: mountOf(text), node: reference.node, path: reference.path }] : [];
  });
}

/** Whether a recipe declares this output, itself or a folder around it. */
export function declaresOutput(recipe: ComponentRecipe, path: string): boolean {
  if (path === ".config") return recipe.steps.some((step) => "kconfig" in step);
  return recipe.outputs.some((output) => path === output || path.startsWith(`${output}/`));
}
