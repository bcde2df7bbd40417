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

/** CI systems set CI to "true" or "1"; "false" and "" mean that there is none. */
export function isCi(environment: Environment): boolean {
  const value = environment.CI ?? "";
  return value !== "" && value !== "false" && value !== "0";
}
