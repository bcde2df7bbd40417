import type { Conditions } from "./conditions.ts";
import { nodeLoaders, outsideInvocation, type OutsideRun, type Way } from "./outside.ts";
import { tryCommand } from "./run-rebuild.ts";

/** Whether something has to be preloaded into Node, and is. True where nothing has to be. */
export function isPreloaded({ daysAhead, fileOrder }: Conditions, { disorderfs, loader }: Way): boolean {
  return (daysAhead === undefined && (fileOrder === undefined || disorderfs)) || loader !== undefined;
}

/**
 * The best way to vary the clock and the order of files that works on this machine, found by trying: disorderfs needs FUSE
 * (/dev/fuse, and a kernel that lets user namespaces mount it), preloading a loader that fits Node.
 */
export async function findWay(run: Omit<OutsideRun, "way" | "args">, signal: AbortSignal): Promise<Way> {
  const { conditions, tools } = run;
  const works = async (way: Way): Promise<boolean> => {
    const args = ["-e", "console.log('started')"];
    return (await tryCommand(outsideInvocation({ ...run, way, args }), signal)) === "started";
  };
  const plain: Way = { disorderfs: false, loader: undefined };
  const mounted: Way = { ...plain, disorderfs: true };
  const wanted = conditions.fileOrder !== undefined && tools.vary !== undefined;
  const base = wanted && (await works(mounted)) ? mounted : plain;
  if (isPreloaded(conditions, base)) return base;
  for (const loader of nodeLoaders(tools.vary ?? tools.sandbox)) {
    if (await works({ ...base, loader })) return { ...base, loader };
  }
  return base;
}
