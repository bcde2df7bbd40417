import { compareVersions } from "./debian-version.ts";

/** The parts around the version in the name of an upstream tarball: linux_ 6.18.15 .orig.tar.xz */
export interface OrigName {
  readonly version: string;
  /** Other compressions of another version are taken too. */
  readonly source: string;
}

/** Splits a name as linux_6.18.15.orig.tar.xz; undefined for other files of a source package. */
export function parseOrigName(file: string): OrigName | undefined {
  const match = /^([^_]+)_(.+)\.orig\.tar\.[a-z0-9]+$/.exec(file);
  return match === null ? undefined : { source: match[1] ?? "", version: match[2] ?? "" };
}

/** Whether a version is in a track: 6.18 and 6.18.15 are in "6.18", 6.180 is not. */
export function isInTrack(version: string, track: string): boolean {
  return version === track || (version.startsWith(track) && /^[.+~-]/.test(version.slice(track.length)));
}

/** Files of a track, the newest version first. */
export function inTrack<F extends { readonly file: string }>(
  files: readonly F[],
  source: string,
  track: string,
): F[] {
  const version = (entry: F): string => parseOrigName(entry.file)?.version ?? "";
  return files
    .filter((entry) => parseOrigName(entry.file)?.source === source && isInTrack(version(entry), track))
    .sort((a, b) => compareVersions(version(b), version(a)));
}
