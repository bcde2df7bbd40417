import { poolPlaces, type DebianMirrors } from "../fetch/debian-mirrors.ts";
import type { WantedFile } from "../fetch/wanted-file.ts";
import type { LockedArchive, LockedRoot } from "../lock/lock.ts";

/** The packages of a root with all places that may have them. */
export function rootWantedFiles(locked: LockedRoot, mirrors: DebianMirrors): WantedFile[] {
  return locked.packages.map((entry) => ({
    name: `${entry.name}_${entry.version}_${entry.architecture}.deb`,
    size: entry.size,
    sha256: entry.sha256,
    places: poolPlaces(mirrors, { archiveTime: locked.archiveTime, ...entry }),
  }));
}

/** The archive of a source: Debian's pool first, then the recipe's own places. */
export function sourceWantedFile(locked: LockedArchive, mirrors: DebianMirrors): WantedFile {
  const { file, size, sha256, pool, suite = "", archiveTime, urls } = locked;
  const inPool = pool === undefined ? [] : poolPlaces(mirrors, { pool, suite, archiveTime });
  return { name: file, size, sha256, places: [...inPool, ...urls] };
}
