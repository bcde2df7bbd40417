import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Prepared } from "../../build/prepared.ts";
import { ok, type Result } from "../../failure/result.ts";
import type { DebianMirrors } from "../../fetch/debian-mirrors.ts";
import { downloadPath } from "../../fetch/downloads.ts";
import type { FetchContext } from "../../fetch/wanted-file.ts";
import { sha256OfIntegrity } from "../../release/integrity.ts";
import type { Manifest } from "../../release/manifest.ts";
import { plainPath, type BundleFile } from "./bundle-file.ts";
import { gatherLicences } from "./gather-licences.ts";
import { gatherSources } from "./gather-sources.ts";
import { buildInstructions, readme } from "./instructions.ts";
import { linkedLibraries, type LinkedFrom } from "./linked-libraries.ts";
import { projectFiles } from "./project-files.ts";
import { fetchSourcePackages, type FoundPackage, type SourcePackage } from "./source-package.ts";
import { licenceCsv, licenceMarkdown, type LicenceEntry } from "./tables.ts";

export interface BundleInput {
  /** Folder of the release, which verified. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly prepared: Prepared;
  readonly leftOut: readonly string[];
  readonly pinned: boolean;
  readonly work: string;
}

export interface ComposedBundle {
  readonly files: readonly BundleFile[];
  readonly lacking: readonly FoundPackage[];
  readonly withoutTexts: readonly string[];
}

/** All files of a bundle but the manifest and the digests. */
export async function composeBundle(
  input: BundleInput,
  debian: DebianMirrors,
  context: FetchContext,
): Promise<Result<ComposedBundle>> {
  const { folder, manifest, prepared, pinned, work } = input;
  const { cacheDir, signal } = context;
  const { plan } = prepared.planned;
  const leftOut = new Set(input.leftOut);
  const sources = await gatherSources(prepared, leftOut, work, context);
  if (!sources.ok) return sources;
  const sbom = manifest.documents?.find(({ kind }) => kind === "sbom");
  const sbomText = sbom === undefined ? undefined : await readFile(join(folder, sbom.path), "utf8");
  const roots = [...new Set(plan.nodes.map(({ root }) => root))];
  const { libraries, certain } = linkedLibraries(sbomText, prepared.lock, roots);
  const packages = await fetchSourcePackages(sourcePackages(libraries), debian, context);
  const kept = manifest.components.filter(({ name }) => !leftOut.has(name));
  const places = { cacheDir, work, trees: sources.value.trees, signal };
  const licences = await gatherLicences(kept, libraries, prepared, places);
  if (!licences.ok) return licences;
  const { texts, files: licenceFiles } = licences.value;

  const components = manifest.components.map((component): LicenceEntry => {
    const { name, version, license } = component;
    const own = texts.get(name) ?? [];
    const inProject = component.sources.length === 0;
    return {
      name,
      version,
      license,
      kind: "component",
      sources: sources.value.paths.get(name) ?? [],
      texts: inProject ? (texts.get("project") ?? []) : own,
      note: leftOut.has(name) ? "left out on request" : inProject ? "its files are the project's own" : "",
    };
  });
  const entries = [...components, ...libraries.map(({ library }) => ofLibrary(library, packages, texts))];
  const facts = {
    manifest,
    nodes: plan.nodes.filter(({ component }) => !leftOut.has(component)),
    leftOut: input.leftOut,
    packages,
    librariesCertain: certain,
    pinned,
  };
  const files: BundleFile[] = [
    ...sources.value.files,
    ...projectFiles(prepared, leftOut),
    ...configFiles(folder, manifest, leftOut),
    ...packages.flatMap((one) => packageFiles(one, cacheDir)),
    ...licenceFiles,
    { path: "nvlab.lock", from: prepared.lockPath },
    { path: "licenses.csv", content: licenceCsv(entries) },
    { path: "licenses.md", content: licenceMarkdown(entries) },
    { path: "README.md", content: readme(facts) },
    { path: "BUILD.md", content: buildInstructions(facts) },
  ];
  const withoutTexts = components.filter(
    ({ sources: from, texts: own }) => from.length > 0 && own.length === 0,
  );
  return ok({
    files,
    lacking: packages.filter(({ state }) => state === "lacking"),
    withoutTexts: withoutTexts.map(({ name }) => name),
  });
}

/** The source packages with a library's code, and those that made binary packages of it, each once. */
function sourcePackages(libraries: readonly LinkedFrom[]): SourcePackage[] {
  const all = libraries.flatMap(({ library: { name, version, suite, packages } }) => [
    { name, version, suite },
    ...packages.map((one) => ({ name: one.source, version: one.sourceVersion, suite: one.suite })),
  ]);
  return [...new Map(all.map((one) => [`${one.name} ${one.version}`, one])).values()];
}

function packagePath({ name, version }: SourcePackage, file: string): string {
  return `debian/${plainPath(`${name}_${version}`)}/${plainPath(file)}`;
}

function packageFiles(one: FoundPackage, cacheDir: string): BundleFile[] {
  if (one.state === "lacking") return [];
  return one.files.map(({ name, sha256 }) => ({
    path: packagePath(one, name),
    from: downloadPath(cacheDir, sha256),
    sha256,
  }));
}

function ofLibrary(
  { name, version, license, packages }: LinkedFrom["library"],
  found: readonly FoundPackage[],
  texts: ReadonlyMap<string, readonly string[]>,
): LicenceEntry {
  const wanted = new Set([
    `${name} ${version}`,
    ...packages.map((one) => `${one.source} ${one.sourceVersion}`),
  ]);
  const own = found.filter((one) => wanted.has(`${one.name} ${one.version}`));
  const lacking = own.flatMap((one) =>
    one.state === "lacking" ? [`no source package ${one.name} ${one.version}: ${one.why}`] : [],
  );
  const linked = packages.map((one) => `${one.name} ${one.version}`).join(", ");
  return {
    name,
    version,
    license,
    kind: "library",
    sources: own.flatMap((one) =>
      one.state === "had" ? one.files.map((file) => packagePath(one, file.name)) : [],
    ),
    texts: texts.get(`${name} ${version}`) ?? [],
    note: [`linked statically, from ${linked}`, ...lacking].join("; "),
  };
}

/** The final configurations, which are artifacts of the release. */
function configFiles(folder: string, manifest: Manifest, leftOut: ReadonlySet<string>): BundleFile[] {
  return manifest.artifacts
    .filter(({ kind, component }) => kind === "config" && !leftOut.has(component))
    .map(({ path, integrity }) => {
      const sha256 = sha256OfIntegrity(integrity);
      return { path: `configs/${path}`, from: join(folder, path), ...(sha256 !== undefined && { sha256 }) };
    });
}
