import type { Manifest, ManifestComponent } from "../../release/manifest.ts";

/** What a manifest was made from, and the same as the project has it. */
type Compared = Pick<Manifest, "components" | "epoch" | "lock" | "toolchain">;

/** In which inputs a project differs from what a release was made from: a line each, empty where in none. */
export function differences(release: Compared, project: Compared): string[] {
  const own = new Map(project.components.map((component) => [component.name, component]));
  const released = new Set(release.components.map(({ name }) => name));
  return [
    ...(release.lock === project.lock ? [] : ["the lock has other content"]),
    ...(release.epoch === project.epoch
      ? []
      : [`the build epoch is ${String(project.epoch)}, not ${String(release.epoch)}`]),
    ...(release.toolchain.root === project.toolchain.root ? [] : ["the root of the toolchain is another"]),
    ...release.components.flatMap((component) => {
      const other = own.get(component.name);
      return other === undefined
        ? [`${component.name}: the project does not build it`]
        : inComponent(component, other).map((line) => `${component.name}: ${line}`);
    }),
    ...project.components
      .filter(({ name }) => !released.has(name))
      .map(({ name }) => `${name}: the release does not have it`),
  ];
}

function inComponent(release: ManifestComponent, project: ManifestComponent): string[] {
  const same = (key: "version" | "license"): string[] =>
    release[key] === project[key] ? [] : [`${key} ${project[key]}, not ${release[key]}`];
  return [
    ...same("version"),
    ...same("license"),
    ...(text(release.parameters) === text(project.parameters) ? [] : ["other parameters"]),
    ...inList("patch", release.patches, project.patches),
    ...inList("overlay file", release.overlay, project.overlay),
    ...inList("source", release.sources.map(asChange), project.sources.map(asChange)),
  ];
}

interface Change {
  readonly path: string;
  readonly integrity: string;
}

function asChange(source: ManifestComponent["sources"][number]): Change {
  return { path: source.name, integrity: source.integrity };
}

function inList(what: string, release: readonly Change[], project: readonly Change[]): string[] {
  const own = new Map(project.map(({ path, integrity }) => [path, integrity]));
  const released = new Set(release.map(({ path }) => path));
  const lines = [
    ...release.flatMap(({ path, integrity }) => {
      const other = own.get(path);
      if (other === undefined) return [`${what} ${path} is not in the project`];
      return other === integrity ? [] : [`${what} ${path} has other bytes`];
    }),
    ...project.filter(({ path }) => !released.has(path)).map(({ path }) => `${what} ${path} is new`),
  ];
  if (lines.length > 0) return lines;
  const order = (list: readonly Change[]): string => list.map(({ path }) => path).join("\n");
  return order(release) === order(project) ? [] : [`the order of each ${what} is another`];
}

function text(parameters: ManifestComponent["parameters"]): string {
  return JSON.stringify(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sources that cannot be given: local trees, which nothing pins. */
export function unpinnedSources({ components }: Pick<Manifest, "components">): string[] {
  return components.flatMap(({ name, sources }) =>
    sources.filter(({ type }) => type === "local").map((source) => `${name}: ${source.name}`),
  );
}
