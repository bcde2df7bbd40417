import { ok, type Result } from "../failure/result.ts";
import { planRequested } from "./prepare.ts";
import type { Prepared } from "./prepared.ts";
import { providePrepared } from "./provide-prepared.ts";
import { provisionFor } from "./provide.ts";
import type { Surroundings, TargetRequest } from "./request.ts";

export interface FetchedTarget {
  readonly target: string;
  readonly sources: number;
  readonly roots: readonly string[];
}

/**
 * Downloads all that a target's build and boot need, and unpacks the roots: then no network is needed.
 * With `check` also what checking its device trees needs, with `reproduce` what varying its builds needs.
 */
export async function fetchTarget(
  request: TargetRequest & { readonly check: boolean; readonly reproduce: boolean },
  surroundings: Surroundings,
): Promise<Result<FetchedTarget>> {
  const prepared = await planRequested(request, surroundings);
  if (!prepared.ok) return prepared;
  const needed = ({ planned: { plan, checked } }: Prepared) => {
    const { boot, check, reproduce } = checked.target.value;
    const parts = [boot, request.check ? check : undefined, request.reproduce ? reproduce : undefined];
    const apart = parts.flatMap((part) => part?.root ?? []);
    return provisionFor(plan.nodes, plan, apart);
  };
  const provided = await providePrepared(prepared.value, needed, request.frozen, surroundings);
  if (!provided.ok) return provided;
  const { sources, roots } = needed(provided.value);
  return ok({ target: provided.value.planned.plan.target, sources: sources.length, roots });
}
