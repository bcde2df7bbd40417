import { downloadFiles, missingFiles } from "../../fetch/fetch-files.ts";
import { poolPlaces, type DebianMirrors } from "../../fetch/debian-mirrors.ts";
import type { FetchContext, WantedFile } from "../../fetch/wanted-file.ts";
import type { AptRoot } from "../../root/apt-root.ts";
import { openAptSession } from "../../root/apt-session.ts";
import { field, parseStanzas } from "../../root/stanza.ts";

/** A Debian source package by its exact version. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  /** Of the binary package that was made from it, or has code of it. */
  readonly suite: string;
}

export type FoundPackage = SourcePackage &
  (
    | { readonly state: "had"; readonly files: readonly WantedFile[] }
    /** Why it is not to be had, as a sentence. */
    | { readonly state: "lacking"; readonly why: string }
  );

/**
 * Files of one version in the paragraphs of `apt-cache showsrc`. Debian lists versions there that it keeps only because
 * others were built with their code ("Extra-Source-Only"): those of the cross compilers' libraries are among them.
 */
export function filesOfVersion(
  text: string,
  { name, version }: SourcePackage,
): { file: string; size: number; sha256: string; pool: string }[] {
  const stanza = parseStanzas(text).find(
    (one) => field(one, "Package") === name && field(one, "Version") === version,
  );
  if (stanza === undefined) return [];
  const folder = field(stanza, "Directory");
  const lines = field(stanza, "Checksums-Sha256").matchAll(
    /^\s*([0-9a-f]{64}) (\d+) ([A-Za-z0-9][\w.+~:-]*)$/gm,
  );
  return [...lines].map(([, sha256 = "", size = "0", file = ""]) => ({
    file,
    size: Number(size),
    sha256,
    pool: `${folder}/${file}`,
  }));
}

/** Looks source packages up in the signed indexes of the archive, and downloads what it still has of them. */
export async function fetchSourcePackages(
  packages: readonly SourcePackage[],
  mirrors: DebianMirrors,
  context: FetchContext,
): Promise<FoundPackage[]> {
  const lacking = (one: SourcePackage, why: string): FoundPackage => ({ ...one, state: "lacking", why });
  if (context.offline) return packages.map((one) => lacking(one, "the network may not be used (--offline)"));
  if ((context.mirrors ?? []).length > 0) {
    return packages.map((one) => lacking(one, "a mirror of the lock does not have it: leave --mirror out"));
  }
  const session = openAptSession(mirrors, context);
  const found: FoundPackage[] = [];
  try {
    for (const one of packages) {
      const apt = await session.open([one.suite], "deb-src");
      if (!apt.ok) {
        found.push(lacking(one, apt.failures[0]?.message ?? "the archive's indexes cannot be read"));
        continue;
      }
      found.push(await fetchOne(one, apt.value, mirrors, context));
    }
  } finally {
    await session.close();
  }
  return found;
}

async function fetchOne(
  one: SourcePackage,
  apt: AptRoot,
  mirrors: DebianMirrors,
  context: FetchContext,
): Promise<FoundPackage> {
  const shown = await apt.run("apt-cache", ["showsrc", "--only-source", one.name]);
  const listed = filesOfVersion(shown.stdout, one);
  if (listed.length === 0) {
    const why = `the archive does not list this version for ${one.suite} any more; a snapshot archive may have it`;
    return { ...one, state: "lacking", why };
  }
  const files = listed.map(({ file, size, sha256, pool }): WantedFile => {
    const places = poolPlaces(mirrors, { pool, suite: one.suite, archiveTime: apt.archiveTime });
    return { name: file, size, sha256, places };
  });
  const { failures } = await downloadFiles(files, context);
  const missing = await missingFiles(files, context.cacheDir);
  if (missing.length === 0) return { ...one, state: "had", files };
  return { ...one, state: "lacking", why: failures[0]?.message ?? "its files cannot be downloaded" };
}
