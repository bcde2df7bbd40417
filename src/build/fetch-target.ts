import { failed, ok, type Result } from "../failure/result.ts";
import { planRequested, replan } from "./prepare.ts";
import { download, fetchContext, mirrorsFor, provisionFor, unpackRoots } from "./provide.ts";
import { relockGone } from "./relock.ts";
import type { Surroundings, TargetRequest } from "./request.ts";

export interface FetchedTarget {
  readonly target: string;
  readonly sources: number;
  readonly roots: readonly string[];
}

/** Downloads all that a target's build and boot need, and unpacks the roots: then no network is needed. */
export async function fetchTarget(
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<FetchedTarget>> {
  const prepared = await planRequested(request, surroundings);
  if (!prepared.ok) return prepared;
  let now = prepared.value;
  for (let attempt = 0; ; attempt += 1) {
    const { project, lock, planned } = now;
    const { plan } = planned;
    const mirrors = await mirrorsFor(project, surroundings);
    if (!mirrors.ok) return mirrors;
    const context = fetchContext(surroundings);
    const provision = provisionFor(plan.nodes, plan, Object.keys(plan.roots));
    const provided = await download(provision, lock, plan, mirrors.value, context);
    if (provided.state === "gone" && !request.frozen && attempt < 3) {
      const relocked = await relockGone(now, provided.gone, surroundings);
      if (!relocked.ok) return relocked;
      const again = replan(now, relocked.value);
      if (!again.ok) return again;
      now = again.value;
      continue;
    }
    if (provided.state !== "done") return failed(...provided.failures);
    const unpacked = await unpackRoots(provision.roots, lock, plan, project, context);
    if (!unpacked.ok) return unpacked;
    return ok({ target: plan.target, sources: provision.sources.length, roots: provision.roots });
  }
}
