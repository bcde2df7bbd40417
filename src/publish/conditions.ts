import { commitOf } from "../build/commit.ts";
import { lockDigest } from "../build/lock-digest.ts";
import { planRequested } from "../build/prepare.ts";
import type { Prepared } from "../build/prepared.ts";
import { releaseFacts } from "../build/release-facts.ts";
import type { BuildRequest, Surroundings } from "../build/request.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { ReleaseFacts } from "../release/facts.ts";
import { refusalsOf } from "./refusals.ts";

/** Facts of what would be released now; fails with every reason why it must not be. */
export async function checkConditions(
  request: BuildRequest,
  surroundings: Surroundings,
  known?: Prepared,
): Promise<Result<ReleaseFacts>> {
  const planned = known ? ok(known) : await planRequested(request, surroundings);
  if (!planned.ok) return planned;
  const { project, lock } = planned.value;
  const { home } = surroundings;
  const used = home !== project.directory && project.layers.directories.includes(home);
  const [own, shipped] = await Promise.all([
    commitOf(project.directory),
    used ? commitOf(home) : { changed: [] },
  ]);
  const facts = releaseFacts({
    project,
    planned: planned.value.planned,
    lock,
    lockDigest: lockDigest(lock),
    commit: own,
    ...(request.releaseVersion !== undefined && { releaseVersion: request.releaseVersion }),
    incremental: request.incremental,
  });
  const refusals = refusalsOf({
    facts,
    changed: own.changed,
    versionAsked: request.releaseVersion !== undefined,
    shipped: { used, changed: shipped.changed },
  });
  return refusals.length > 0 ? failed(...refusals) : ok(facts);
}
