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
import { replan } from "./prepare.ts";
import type { Prepared } from "./prepared.ts";
import { download, fetchContext, mirrorsFor, provisionFor, unpackRoots } from "./provide.ts";
import { relockGone } from "./relock.ts";
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
  let now = work.prepared;
  for (let attempt = 0; ; attempt += 1) {
    const { plan } = now.planned;
    const evaluation = { ...work.evaluation, plan };
    const states = evaluatePlan(evaluation);
    const nodes = workFor(plan, states, wanted);
    const mirrors = await mirrorsFor(now.project, surroundings);
    if (!mirrors.ok) return mirrors;
    const context = fetchContext(surroundings);
    const provision = provisionFor(nodes, plan, []);
    const provided = await download(provision, now.lock, plan, mirrors.value, context);
    if (provided.state === "gone" && !request.frozen && attempt < 3) {
      const relocked = await relockGone(now, provided.gone, surroundings);
      if (!relocked.ok) return relocked;
      const again = replan(now, relocked.value);
      if (!again.ok) return again;
      now = again.value;
      continue;
    }
    if (provided.state !== "done") return failed(...provided.failures);
    const unpacked = await unpackRoots(provision.roots, now.lock, plan, now.project, context);
    if (!unpacked.ok) return unpacked;

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
      fetch: context,
      rootTree: (root) => ok(rootTree(surroundings.cacheDir, plan.roots[root] ?? "")),
      archive: (sha256) => downloadPath(surroundings.cacheDir, sha256),
      home: surroundings.home,
      expectedLines: (node) => memory?.nodes[node]?.lines,
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
