import type { Manifest, ManifestComponent, ManifestSource } from "../release/manifest.ts";
import { changesOf, namesOf } from "./changes.ts";
import type { Change, ComponentChange, SizeChange } from "./comparison.ts";

/** What the manifests say of the release as a whole, apart from its artifacts. */
export function compareReleaseFields(before: Manifest, after: Manifest): Change[] {
  return changesOf(releaseFields(before), releaseFields(after));
}

function releaseFields(manifest: Manifest): Map<string, string> {
  const { project, contract } = manifest;
  return new Map([
    ["release version", manifest.releaseVersion],
    ["target", manifest.target],
    ["project", project.name],
    ["commit", project.commit ?? "(not from git)"],
    ["dirty", yesNo(project.dirty)],
    ["build epoch", new Date(manifest.epoch * 1000).toISOString()],
    ["incremental", yesNo(manifest.incremental)],
    ["lock", manifest.lock],
    ...(contract === undefined
      ? []
      : ([
          [`contract ${contract.name}`, contract.version],
          [`contract ${contract.name}: text`, contract.integrity],
        ] as const)),
  ]);
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** Components that came, went or are made of something else. */
export function compareComponents(before: Manifest, after: Manifest): ComponentChange[] {
  const [left, right] = [byName(before.components), byName(after.components)];
  return namesOf(left, right).flatMap((component): ComponentChange[] => {
    const [old, now] = [left.get(component), right.get(component)];
    const parts = {
      fields: changesOf(componentFields(old), componentFields(now)),
      patches: changesOf(digests(old?.patches), digests(now?.patches)),
      overlay: changesOf(digests(old?.overlay), digests(now?.overlay)),
    };
    if (old === undefined) return [{ component, change: "added", ...parts }];
    if (now === undefined) return [{ component, change: "removed", ...parts }];
    const same = Object.values(parts).every((changes) => changes.length === 0);
    return same ? [] : [{ component, change: "changed", ...parts }];
  });
}

function byName(components: readonly ManifestComponent[]): Map<string, ManifestComponent> {
  return new Map(components.map((component) => [component.name, component]));
}

function componentFields(component: ManifestComponent | undefined): Map<string, string> {
  if (component === undefined) return new Map();
  const { version, license, cpe, purl, parameters, sources, patches } = component;
  return new Map([
    ["version", version],
    ["licence", license],
    ...(cpe === undefined ? [] : ([["CPE", cpe]] as const)),
    ...(purl === undefined ? [] : ([["package URL", purl]] as const)),
    ...Object.entries(parameters).map(([name, value]) => [`parameter ${name}`, String(value)] as const),
    ...sources.map((source) => [`source ${source.name}`, describeSource(source)] as const),
    // Patches are applied in this order, and another one may give another tree.
    ...(patches.length < 2
      ? []
      : ([["order of patches", patches.map(({ path }) => path).join(", ")]] as const)),
  ]);
}

function describeSource(source: ManifestSource): string {
  switch (source.type) {
    case "archive":
      return `${source.file} (${source.integrity})`;
    case "git":
      return `${source.url} ${source.commit} (${source.integrity})`;
    case "local":
      return `local tree (${source.integrity})`;
  }
}

function digests(
  changes: readonly { readonly path: string; readonly integrity: string }[] | undefined,
): Map<string, string> {
  return new Map((changes ?? []).map(({ path, integrity }) => [path, integrity]));
}

interface Listed {
  readonly path: string;
  readonly size: number;
  readonly integrity: string;
}

/** Files whose bytes differ, or that only one side has. */
export function compareFiles(before: readonly Listed[], after: readonly Listed[]): SizeChange[] {
  const [left, right] = [byPath(before), byPath(after)];
  return namesOf(left, right).flatMap((name) => {
    const [old, now] = [left.get(name), right.get(name)];
    return old?.integrity === now?.integrity ? [] : [{ name, before: old?.size, after: now?.size }];
  });
}

export function byPath<T extends { readonly path: string }>(entries: readonly T[]): Map<string, T> {
  return new Map(entries.map((entry) => [entry.path, entry]));
}

export function totalSize({ artifacts }: Manifest): number {
  return artifacts.reduce((sum, { size }) => sum + size, 0);
}

/** The toolchain as far as the manifests tell. */
export function compareToolchains(before: Manifest, after: Manifest): Change[] {
  return changesOf(toolchainFields(before), toolchainFields(after));
}

function toolchainFields({ toolchain }: Manifest): Map<string, string> {
  const { compiler, binutils, root, packages } = toolchain;
  return new Map([
    [compiler.name, compiler.version],
    [binutils.name, binutils.version],
    ["packages", String(packages)],
    ["root", root],
  ]);
}
