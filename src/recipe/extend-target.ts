import { pathKey, type Located, type Place } from "./located.ts";
import type { TargetExtension, TargetRecipe } from "./schema/target.ts";

type Use = TargetRecipe["components"][string];

/** A variant of a target, in which every value still has the place where it was written. See {@link TargetExtension}. */
export function extendTarget(
  base: Located<TargetRecipe>,
  extension: Located<TargetExtension>,
): Located<TargetRecipe> {
  const change = extension.value;
  const before = base.value;
  const testDisks = change.boot?.qemu["test-disks"];
  const components = { ...before.components };
  for (const [name, use] of Object.entries(change.components)) {
    components[name] = addUse(before.components[name], use);
  }
  return {
    file: extension.file,
    positions: mergePositions(base, extension),
    value: {
      ...before,
      name: change.name,
      summary: change.summary ?? before.summary,
      components,
      images: { ...before.images, ...change.images },
      artifacts: { ...before.artifacts, ...change.artifacts },
      ...(before.boot && {
        boot: {
          ...before.boot,
          qemu: {
            ...before.boot.qemu,
            harts: change.boot?.qemu.harts ?? before.boot.qemu.harts,
            memory: change.boot?.qemu.memory ?? before.boot.qemu.memory,
            ...(testDisks && { "test-disks": testDisks }),
          },
        },
      }),
    },
  };
}

function addUse(before: Use | undefined, added: Use): Use {
  if (!before) return added;
  return {
    with: { ...before.with, ...added.with },
    fragments: [...before.fragments, ...added.fragments],
    patches: [...before.patches, ...added.patches],
  };
}

function mergePositions(
  base: Located<TargetRecipe>,
  extension: Located<TargetExtension>,
): Readonly<Record<string, Place>> {
  const { images, artifacts } = extension.value;
  const replaced = [
    ...Object.keys(images).map((name) => pathKey(["images", name])),
    ...Object.keys(artifacts).map((name) => pathKey(["artifacts", name])),
  ];
  const merged: Record<string, Place> = {};
  for (const [key, [line, column, file = base.file]] of Object.entries(base.positions)) {
    if (!replaced.some((one) => key.startsWith(`${one}/`))) merged[key] = [line, column, file];
  }
  for (const [key, [line, column]] of Object.entries(extension.positions)) {
    merged[behind(key, base.value)] = [line, column, extension.file];
  }
  return merged;
}

/** Entries of a list that is added to another have their places behind those of the other. */
function behind(key: string, { components }: TargetRecipe): string {
  const entry = /^components\/([^/]+)\/(fragments|patches)\/(\d+)$/.exec(key);
  if (!entry) return key;
  const [, name = "", list = "", index = ""] = entry;
  const before = components[name]?.[list === "patches" ? "patches" : "fragments"].length ?? 0;
  return pathKey(["components", name, list, before + Number(index)]);
}
