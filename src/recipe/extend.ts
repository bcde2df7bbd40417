import type { Located } from "./located.ts";
import type { ComponentExtension, ComponentRecipe } from "./schema/component.ts";

/** A component after all layers had their say, with the documents that made it (lowest first). */
export interface Component {
  readonly recipe: ComponentRecipe;
  readonly documents: readonly Located<ComponentRecipe | ComponentExtension>[];
}

/** Applies a project's extension to a recipe from a lower layer. See {@link ComponentExtension}. */
export function extendComponent(base: Component, extension: Located<ComponentExtension>): Component {
  const change = extension.value;
  const fragments = change.fragments ?? [];
  const before = base.recipe;
  const steps = (change.steps ?? before.steps).map((step) =>
    "kconfig" in step && fragments.length > 0
      ? { kconfig: { ...step.kconfig, fragments: unique([...step.kconfig.fragments, ...fragments]) } }
      : step,
  );
  return {
    recipe: {
      ...before,
      ...definedOnly({
        name: change.name,
        summary: change.summary,
        version: change.version,
        license: change.license,
        cpe: change.cpe,
        homepage: change.homepage,
        root: change.root,
      }),
      steps,
      needs: unique([...before.needs, ...(change.needs ?? [])]),
      files: unique([...before.files, ...(change.files ?? [])]),
      patches: unique([...before.patches, ...(change.patches ?? [])]),
      outputs: unique([...before.outputs, ...(change.outputs ?? [])]),
      sources: { ...before.sources, ...change.sources },
      parameters: { ...before.parameters, ...change.parameters },
      environment: { ...before.environment, ...change.environment },
    },
    documents: [...base.documents, extension],
  };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedOnly<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Defined<T>;
}
