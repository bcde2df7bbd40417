import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { licenceFolder } from "../release/document-names.ts";
import type { ManifestComponent } from "../release/manifest.ts";
import { debianCopyright, licenceTexts, topLicenceTexts, type LicenceText } from "../sbom/licence-texts.ts";
import type { LinkedLibrary } from "../sbom/linked-library.ts";
import { licenceTable, type LicenceRow } from "./licence-table.ts";

export interface LicenceSources {
  readonly components: readonly ManifestComponent[];
  /** Host folders of each component's source trees. */
  readonly trees: ReadonlyMap<string, readonly string[]>;
  /** Libraries that were linked statically, each once. */
  readonly libraries: readonly LinkedLibrary[];
  /** Host folders of the roots whose packages these libraries came from. */
  readonly roots: readonly string[];
  /** Folders of recipes and files of their own, by the name of the project they belong to. */
  readonly projects: ReadonlyMap<string, string>;
}

export interface LicenceDocuments {
  /** Content by the path in the release. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Components with a source in which no licence text was found. */
  readonly without: readonly string[];
}

/** Licence texts of all that is in a release, and a table of them. */
export function licenceDocuments(sources: LicenceSources): Result<LicenceDocuments> {
  const files = new Map<string, Buffer>();
  const rows: LicenceRow[] = [];
  const without: string[] = [];
  const failures: Failure[] = [];
  const add = (folder: string, texts: readonly LicenceText[]): string[] =>
    texts.map(({ path, content }) => {
      const place = freePlace(`${licenceFolder}/${plainPath(`${folder}/${path}`)}`, content, files);
      files.set(place, content);
      return place.slice(licenceFolder.length + 1);
    });
  for (const { name, version, license } of sources.components) {
    const trees = sources.trees.get(name) ?? [];
    const texts = add(name, trees.flatMap(licenceTexts));
    if (trees.length > 0 && texts.length === 0) without.push(name);
    rows.push({ name, version, license, kind: "component", texts });
  }
  for (const { name, version, license, packages } of sources.libraries) {
    const texts: string[] = [];
    for (const { name: from } of packages) {
      const found = sources.roots.map((root) => debianCopyright(root, from)).find((one) => one !== undefined);
      if (found) texts.push(...add(`${name}-${version}`, found));
      else
        failures.push({
          code: "NVLAB_RELEASE",
          message: `${from} is linked into programs of this release, and its copyright file is not in the root`,
          hint: "remove the unpacked root from the cache, so that it is unpacked anew",
        });
    }
    rows.push({ name, version, license, kind: "library", texts: [...new Set(texts)] });
  }
  for (const [name, folder] of sources.projects) {
    const texts = add(name, topLicenceTexts(folder));
    if (texts.length > 0) rows.push({ name, version: "", license: "", kind: "project", texts });
  }
  if (failures.length > 0) return failed(...failures);
  files.set(`${licenceFolder}/README.md`, Buffer.from(licenceTable(rows)));
  return ok({ files, without });
}

/** Only what a manifest allows in a path. */
function plainPath(path: string): string {
  return path
    .split("/")
    .map((part) => part.replace(/[^A-Za-z0-9_+.-]/g, "_").replace(/^\.+$/, "_"))
    .join("/");
}

/** Two names that differ only in what a path may not have get numbers. */
function freePlace(path: string, content: Buffer, files: ReadonlyMap<string, Buffer>): string {
  for (let copy = 1; ; copy += 1) {
    const place = copy === 1 ? path : `${path}.${copy}`;
    const there = files.get(place);
    if (there === undefined || there.equals(content)) return place;
  }
}
