import { failed, ok, type Result } from "../../failure/result.ts";
import { downloadPath } from "../../fetch/downloads.ts";
import type { Prepared } from "../../build/prepared.ts";
import type { ManifestComponent } from "../../release/manifest.ts";
import {
  debianCopyright,
  licenceTexts,
  topLicenceTexts,
  type LicenceText,
} from "../../sbom/licence-texts.ts";
import { rootTree } from "../../root/unpack-root.ts";
import { archiveLicences } from "./archive-licences.ts";
import { plainPath, type BundleFile } from "./bundle-file.ts";
import type { LinkedFrom } from "./linked-libraries.ts";

/** Texts by what they belong to. */
export interface Licences {
  readonly files: BundleFile[];
  /** Paths by component, and by source package and version of a library: "glibc 2.41-11". */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

export interface LicencePlaces {
  readonly cacheDir: string;
  /** A folder for what is unpacked on the way. */
  readonly work: string;
  /** Host folders of sources from git by component. */
  readonly trees: ReadonlyMap<string, readonly string[]>;
  readonly signal: AbortSignal;
}

/** Licence texts of every source, of the project, and of the libraries. */
export async function gatherLicences(
  components: readonly ManifestComponent[],
  libraries: readonly LinkedFrom[],
  { planned, project }: Prepared,
  places: LicencePlaces,
): Promise<Result<Licences>> {
  const { cacheDir, work, trees, signal } = places;
  const files = new Map<string, BundleFile & { readonly content: Buffer | string }>();
  const texts = new Map<string, string[]>();
  const add = (owner: string, folder: string, found: readonly LicenceText[]): void => {
    for (const { path, content } of found) {
      const place = freePlace(`licenses/${plainPath(`${folder}/${path}`)}`, content, files);
      files.set(place, { path: place, content });
      const known = texts.get(owner) ?? [];
      if (!known.includes(place)) texts.set(owner, [...known, place]);
    }
  };
  for (const { name } of components) {
    for (const node of planned.plan.nodes) {
      if (node.component !== name || node.kind !== "source" || node.origin.type !== "archive") continue;
      const { file, sha256 } = node.origin;
      const found = await archiveLicences(downloadPath(cacheDir, sha256), file, node.strip, work, signal);
      if (!found.ok) return found;
      add(name, name, found.value);
    }
    for (const tree of trees.get(name) ?? []) add(name, name, licenceTexts(tree));
  }
  for (const [index, layer] of project.layers.directories.entries()) {
    const own = index === project.layers.directories.length - 1;
    add(
      own ? "project" : "nvlab",
      own ? `project-${project.file.value.name}` : "nvlab",
      topLicenceTexts(layer),
    );
  }
  for (const { library, root } of libraries) {
    const owner = `${library.name} ${library.version}`;
    for (const { name } of library.packages) {
      const found = debianCopyright(rootTree(cacheDir, planned.plan.roots[root] ?? ""), name);
      if (found === undefined) {
        return failed({
          code: "NVLAB_SOURCES",
          message: `the copyright file of ${name} is not in the root '${root}'`,
          hint: "remove the unpacked root from the cache, so that it is unpacked anew",
        });
      }
      add(owner, `${library.name}-${library.version}`, found);
    }
  }
  return ok({ files: [...files.values()], texts });
}

/** Names that differ only in what a plain path may not have get numbers. */
function freePlace(
  path: string,
  content: Buffer,
  files: ReadonlyMap<string, { readonly content: Buffer | string }>,
): string {
  for (let copy = 1; ; copy += 1) {
    const place = copy === 1 ? path : `${path}.${String(copy)}`;
    const there = files.get(place)?.content;
    if (there === undefined || content.equals(Buffer.from(there))) return place;
  }
}
