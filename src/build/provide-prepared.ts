import { failed, ok, type Result } from "../failure/result.ts";
import { replan } from "./prepare.ts";
import type { Prepared } from "./prepared.ts";
import { download, fetchContext, isProvided, mirrorsFor, unpackRoots, type Provision } from "./provide.ts";
import type { Surroundings } from "./request.ts";

/** How often what has left every place is resolved anew before it is given up. */
const mostAttempts = 3;

/**
 * Downloads and unpacks what a target needs just now. What has left every place is resolved anew, unless the
 * lock is frozen: then the plan is another one, `needed` is asked again, and what was downloaded is kept.
 * @returns the target as it is planned afterwards
 */
export async function providePrepared(
  prepared: Prepared,
  needed: (now: Prepared) => Provision,
  frozen: boolean,
  surroundings: Surroundings,
): Promise<Result<Prepared>> {
  const context = fetchContext(surroundings);
  let now = prepared;
  for (let attempt = 1; ; attempt += 1) {
    const { project, lock, planned } = now;
    const provision = needed(now);
    if (isProvided(provision, planned.plan, surroundings.cacheDir)) return ok(now);
    const mirrors = await mirrorsFor(project, surroundings);
    if (!mirrors.ok) return mirrors;
    const provided = await download(provision, lock, planned.plan, mirrors.value, context);
    if (provided.state === "done") {
      const unpacked = await unpackRoots(provision.roots, lock, planned.plan, project, context);
      return unpacked.ok ? ok(now) : unpacked;
    }
    if (provided.state === "failed" || frozen || attempt === mostAttempts)
      return failed(...provided.failures);
    const { relockGone } = await import("./relock.ts");
    const relocked = await relockGone(now, provided.gone, surroundings);
    if (!relocked.ok) return relocked;
    const again = replan(now, relocked.value);
    if (!again.ok) return again;
    now = again.value;
  }
}
