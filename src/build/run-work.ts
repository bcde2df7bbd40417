import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { createJobserver } from "../exec/jobserver.ts";
import { jobTokens } from "../exec/job-tokens.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { downloadPath } from "../fetch/downloads.ts";
import { rootTree } from "../root/unpack-root.ts";
import { ownedName } from "../store/process-identity.ts";
import type { Store } from "../store/store.ts";
import { evaluatePlan, workFor, type Evaluation } from "./evaluate.ts";
import { readMemory } from "./memory.ts";
import type { Prepared } from "./prepared.ts";
import { providePrepared } from "./provide-prepared.ts";
import { fetchContext, provisionFor } from "./provide.ts";
import type { BuildRequest, Surroundings } from "./request.ts";
import { runPlan, type PlanRun } from "./run-plan.ts";
import type { Workshop } from "./workshop.ts";

interface Work {
  readonly request: BuildRequest;
  readonly surroundings: Surroundings;
  readonly prepared: Prepared;
  readonly wanted: readonly string[];
  readonly store: Store;
  readonly evaluation: Evaluation;
}

/**
 * Provides and runs what has to be run. What has left every place is resolved anew (unless frozen), which can
 * change fingerprints: then everything is looked at again, and what was downloaded is kept.
 */
export async function runWork(work: Work): Promise<Result<{ run: PlanRun; now: Prepared }>> {
  const { request, surroundings, wanted, store } = work;
  const look = ({ planned }: Prepared) => {
    const evaluation = { ...work.evaluation, plan: planned.plan };
    const states = evaluatePlan(evaluation);
    return { evaluation, states, nodes: workFor(planned.plan, states, wanted) };
  };
  const provided = await providePrepared(
    work.prepared,
    (now) => provisionFor(look(now).nodes, now.planned.plan, []),
    request.frozen,
    surroundings,
  );
  if (!provided.ok) return provided;
  const now = provided.value;
  const { plan } = now.planned;
  const { evaluation, states, nodes } = look(now);

  const directory = join(surroundings.cacheDir, "tmp", ownedName());
  mkdirSync(directory, { recursive: true });
  const jobserver = await createJobserver({ directory, tokens: tokensFor(request) });
  if (!jobserver.ok) return jobserver;
  const memory = readMemory(surroundings.cacheDir, now.project.directory, plan.target);
  const workshop: Workshop = {
    cacheDir: surroundings.cacheDir,
    plan,
    evaluation,
    store,
    jobserver: jobserver.value,
    emit: surroundings.emit,
    signal: surroundings.signal,
    clock: Date.now,
    fetch: fetchContext(surroundings),
    rootTree: (root) => rootTree(surroundings.cacheDir, plan.roots[root] ?? ""),
    archive: (sha256) => downloadPath(surroundings.cacheDir, sha256),
    keyFile: (name) => now.fitKeys.get(name)?.file ?? "",
    home: surroundings.home,
    expectedLines: (node) => memory?.nodes[node]?.lines,
    ...(surroundings.variation && { variation: surroundings.variation }),
    ...(request.incremental && {
      workDir: workFolder(surroundings.cacheDir, now.project.directory, plan.target),
    }),
  };
  try {
    const run = await runPlan(nodes, states, workshop, request.keepGoing);
    return run.failures.length > 0 ? failed(...run.failures) : ok({ run, now });
  } finally {
    await jobserver.value.close();
  }
}

function tokensFor({ jobs }: BuildRequest): number {
  return jobTokens({
    cores: availableParallelism(),
    availableMemoryBytes: freemem(),
    ...(jobs !== undefined && { jobs }),
  });
}

/** Where the /obj folders of a project's target are kept between incremental builds. */
function workFolder(cacheDir: string, project: string, target: string): string {
  const key = createHash("sha256").update(project).digest("hex").slice(0, 16);
  return join(cacheDir, "work", "obj", key, target);
}
