import { isAbsolute, join, resolve } from "node:path";
import type { GlobalOptions } from "./options.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * --cache-dir, NVLAB_CACHE_DIR, nvlab below XDG_CACHE_HOME, or ~/.cache/nvlab. A relative XDG_CACHE_HOME is
 * ignored, as the XDG Base Directory Specification asks. Absolute.
 */
export function cacheFolder(
  option: string | undefined,
  environment: Environment,
  directory: string,
  homeFolder: string,
): string {
  const chosen = option ?? environment.NVLAB_CACHE_DIR ?? "";
  if (chosen !== "") return resolve(directory, chosen);
  const base = environment.XDG_CACHE_HOME ?? "";
  return join(isAbsolute(base) ? base : join(homeFolder, ".cache"), "nvlab");
}

/** --debian-mirror, or NVLAB_DEBIAN_MIRROR with addresses apart by spaces. */
export function debianMirrors(options: GlobalOptions, environment: Environment): readonly string[] {
  if (options.debianMirror !== undefined) return options.debianMirror;
  return (environment.NVLAB_DEBIAN_MIRROR ?? "").split(/\s+/).filter((address) => address !== "");
}

/**
 * --mirror, or NVLAB_MIRROR with places apart by spaces. Addresses stay as they are, without a slash at the end;
 * paths become absolute.
 */
export function mirrorPlaces(options: GlobalOptions, environment: Environment, directory: string): string[] {
  const named = options.mirror ?? (environment.NVLAB_MIRROR ?? "").split(/\s+/);
  return named
    .filter((place) => place !== "")
    .map((place) => (/^(https?|file):/.test(place) ? place.replace(/\/+$/, "") : resolve(directory, place)));
}

/** CI systems set CI to "true" or "1"; "false" and "" mean that there is none. */
export function isCi(environment: Environment): boolean {
  const value = environment.CI ?? "";
  return value !== "" && value !== "false" && value !== "0";
}
