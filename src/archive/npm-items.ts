import type { MirrorItem } from "./mirror-item.ts";
import type { NpmPackage } from "./npm-packages.ts";

/** A registry lays tarballs out as <name>/-/<last part of the name>-<version>.tgz */
export function tarballPath({ name, version }: NpmPackage): string {
  return `npm/${name}/-/${name.split("/").at(-1) ?? name}-${version}.tgz`;
}

/**
 * What a registry answers for a package: npm's "package metadata", in its abbreviated form. It lies in index.html,
 * the one name that every static server gives for a folder. Its tarballs have a host that cannot exist, which
 * `npm --replace-registry-host=always` replaces by the registry's.
 */
export function packageMetadata(name: string, packages: readonly NpmPackage[]): string {
  const versions = packages.map((each) => [
    each.version,
    {
      name,
      version: each.version,
      ...each.facts,
      dist: { tarball: `http://mirror.invalid/${tarballPath(each)}`, integrity: each.integrity },
    },
  ]);
  const latest = packages.at(-1)?.version ?? "";
  const metadata = { name, "dist-tags": { latest }, versions: Object.fromEntries(versions) as unknown };
  return `${JSON.stringify(metadata, null, 1)}\n`;
}

/** Tarballs and metadata of npm packages, as a static server has to give them to npm. */
export function npmItems(packages: readonly NpmPackage[]): MirrorItem[] {
  const byName = new Map<string, NpmPackage[]>();
  for (const each of packages) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  const tarballs = packages.map((npm): MirrorItem => ({
    path: tarballPath(npm),
    kind: "npm",
    for: [`npm ${npm.name}@${npm.version}`],
    origin: { type: "npm", npm },
  }));
  const metadata = [...byName].map(([name, all]): MirrorItem => ({
    path: `npm/${name}/index.html`,
    kind: "npm-index",
    for: [`npm ${name}`],
    origin: { type: "text", text: packageMetadata(name, all) },
  }));
  return [...tarballs, ...metadata];
}
