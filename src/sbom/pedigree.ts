import type { ManifestComponent } from "../release/manifest.ts";
import { reference } from "./references.ts";
import type { SbomInput } from "./sbom-input.ts";

/** The member "pedigree" of a component (CycloneDX 1.6), which the library does not know. */
export interface Pedigree {
  readonly ancestors: readonly {
    readonly type: string;
    readonly "bom-ref": string;
    readonly name: string;
    readonly version: string;
    readonly purl?: string;
    readonly cpe?: string;
  }[];
  readonly patches?: readonly Patch[];
  readonly notes?: string;
}

interface Patch {
  readonly type: "unofficial";
  readonly diff: {
    readonly text?: { readonly contentType: string; readonly content: string };
    readonly url: string;
  };
  readonly resolves?: readonly { readonly type: "security"; readonly id: string }[];
}

/** A longer patch is named only: it is in the sources of the release. */
const longestText = 64 * 1024;

/** What a component was before it was changed, and the changes; undefined where nothing was. */
export function pedigreeOf(
  entry: ManifestComponent,
  type: string,
  { patches }: Pick<SbomInput, "patches">,
): Pedigree | undefined {
  if (entry.patches.length === 0 && (entry.overlay.length === 0 || entry.sources.length === 0))
    return undefined;
  const { purl, cpe } = entry;
  return {
    ancestors: [
      {
        type,
        "bom-ref": reference.upstream(entry.name),
        name: entry.name,
        version: entry.version,
        ...(cpe !== undefined && { cpe }),
        ...(purl !== undefined && { purl }),
      },
    ],
    ...(entry.patches.length > 0 && {
      patches: entry.patches.map(({ path }) => patchOf(path, patches.get(path) ?? "")),
    }),
    ...(entry.overlay.length > 0 && {
      notes: `${entry.overlay.length} files are laid over the source tree: see the properties nvlab:overlay.`,
    }),
  };
}

function patchOf(path: string, text: string): Patch {
  const resolved = resolvedBy(text);
  const shown = text !== "" && text.length <= longestText && !text.includes("\uFFFD");
  return {
    type: "unofficial",
    diff: { ...(shown && { text: { contentType: "text/x-diff", content: text } }), url: path },
    ...(resolved.length > 0 && { resolves: resolved.map((id) => ({ type: "security", id })) }),
  };
}

/**
 * Vulnerabilities that a patch says it resolves, by lines "CVE: CVE-2026-1234" in its header, as OpenEmbedded's patches
 * have them. One that is only mentioned is not resolved.
 */
export function resolvedBy(patch: string): string[] {
  const header = patch.split(/^(?:diff --git |--- )/m, 1)[0] ?? "";
  const lines = header.matchAll(/^CVE:((?:[ ,]+CVE-\d{4}-\d{4,})+)[ \t]*$/gm);
  const ids = [...lines].flatMap(([, list = ""]) => list.split(/[ ,]+/).filter((id) => id !== ""));
  return [...new Set(ids)].sort();
}
