import { z } from "zod";
import type { Lock, LockedPackage } from "../../lock/lock.ts";
import { libraryPurl, linkedLibrary, type LinkedLibrary } from "../../sbom/linked-library.ts";

/** A library that may be in the images, and the root that it would be from. */
export interface LinkedFrom {
  readonly library: LinkedLibrary;
  readonly root: string;
}

/** What is read of an SBOM (CycloneDX 1.6). */
const Sbom = z.looseObject({
  components: z.array(z.looseObject({ purl: z.string().optional() })).default([]),
});

const architectures = ["riscv64", "amd64", "arm64"];

/** Every C and compiler library that programs of these roots could be linked with, each once. */
function possible(lock: Lock, roots: readonly string[]): LinkedFrom[] {
  const found = new Map<string, LinkedFrom>();
  for (const root of roots) {
    const packages: readonly LockedPackage[] = lock.roots[root]?.packages ?? [];
    for (const architecture of architectures) {
      for (const library of ["c", "gcc"] as const) {
        const linked = linkedLibrary({ architecture, library }, packages);
        if (linked === undefined) continue;
        const key = `${libraryPurl(linked)} ${linked.packages.map(({ sha256 }) => sha256).join()}`;
        found.set(key, { library: linked, root });
      }
    }
  }
  return [...found.values()];
}

/**
 * The libraries that were linked statically into a release: those that its SBOM names. Without an SBOM, as in an out
 * folder, all that could have been.
 * @param sbom text of the release's SBOM
 * @param roots names of the roots in which its parts were linked
 */
export function linkedLibraries(
  sbom: string | undefined,
  lock: Lock,
  roots: readonly string[],
): { readonly libraries: readonly LinkedFrom[]; readonly certain: boolean } {
  const all = possible(lock, roots);
  if (sbom === undefined) return { libraries: all, certain: false };
  const { components } = Sbom.parse(JSON.parse(sbom));
  const named = new Set(components.flatMap(({ purl }) => (purl === undefined ? [] : [purl])));
  return { libraries: all.filter(({ library }) => named.has(libraryPurl(library))), certain: true };
}
