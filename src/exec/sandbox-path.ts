import type { Mount } from "./sandbox.ts";

/** The host's file behind a path of the sandbox, by the longest mount that holds it; undefined if none does. */
export function hostPath(path: string, mounts: readonly Mount[]): string | undefined {
  const holding = mounts
    .filter(({ at }) => path === at || path.startsWith(at === "/" ? "/" : `${at}/`))
    .toSorted((a, b) => b.at.length - a.at.length);
  const [mount] = holding;
  return mount === undefined ? undefined : mount.host + path.slice(mount.at === "/" ? 0 : mount.at.length);
}
