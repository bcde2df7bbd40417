import { buildTarget } from "../build/build-target.ts";
import type { Surroundings } from "../build/request.ts";
import type { SandboxVariation } from "../exec/sandbox.ts";
import { ok, type Result } from "../failure/result.ts";
import { probeInside } from "./probe-inside.ts";
import { probeOutside } from "./probe-outside.ts";
import type { RebuildOrder } from "./rebuild-order.ts";
import type { Observations } from "./varied.ts";

/** The rebuild itself, in the nvlab that was started under other conditions: looks at them, then builds. */
export async function rebuildHere(
  order: RebuildOrder,
  surroundings: Surroundings,
): Promise<Result<{ readonly observed: Observations }>> {
  const { root, probe: folder, scratch } = order;
  const variation = variationOf(order);
  const outside = probeOutside(folder);
  const inside = await probeInside({ root, variation, folder, scratch, signal: surroundings.signal });
  if (!inside.ok) return inside;
  const built = await buildTarget(
    {
      target: order.target,
      frozen: true,
      sources: [],
      components: order.components,
      jobs: order.jobs,
      keepGoing: false,
      rebuild: [],
      out: order.out,
      releaseVersion: order.releaseVersion,
      incremental: false,
    },
    { ...surroundings, home: order.home ?? surroundings.home, variation },
  );
  return built.ok ? ok({ observed: { outside, inside: inside.value } }) : built;
}

function variationOf({ variation }: RebuildOrder): SandboxVariation {
  const { mounts, environment, umask, user, hostname, places } = variation;
  return {
    mounts,
    environment,
    ...(umask !== undefined && { umask }),
    ...(user !== undefined && { user }),
    ...(hostname !== undefined && { hostname }),
    ...(places !== undefined && { places }),
  };
}
