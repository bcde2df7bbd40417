import { existsSync } from "node:fs";
import { join } from "node:path";
import { planRequested, replan } from "../../build/prepare.ts";
import type { Prepared } from "../../build/prepared.ts";
import { download, fetchContext, mirrorsFor, unpackRoots } from "../../build/provide.ts";
import { relockGone } from "../../build/relock.ts";
import type { Surroundings } from "../../build/request.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { Machine } from "../../recipe/schema/target.ts";
import { rootTree } from "../../root/unpack-root.ts";

/** A target as far as booting it needs to know. */
export interface Bootable {
  readonly target: string;
  readonly machine: Machine;
  /** Host path of the boot root, where it is or will be. */
  readonly root: string;
  /** Where `nvlab build` puts the images. */
  readonly images: string;
  readonly prepared: Prepared;
  readonly rootName: string;
}

/** Says what a target's machine is; downloads nothing that the lock has already. */
export async function findBootable(
  target: string | undefined,
  frozen: boolean,
  surroundings: Surroundings,
): Promise<Result<Bootable>> {
  const prepared = await planRequested({ target, frozen, sources: [] }, surroundings);
  return prepared.ok ? bootableOf(prepared.value, surroundings) : prepared;
}

function bootableOf(prepared: Prepared, { cacheDir }: Surroundings): Result<Bootable> {
  const { plan } = prepared.planned;
  if (plan.boot === undefined) {
    return failed({
      code: "NVLAB_BOOT",
      message: `the target ${plan.target} does not say how it is booted`,
      hint: "give its recipe a boot section: `nvlab show qemu-virt` has one",
    });
  }
  const { root: rootName, qemu: machine } = plan.boot;
  return ok({
    target: plan.target,
    machine,
    root: rootTree(cacheDir, plan.roots[rootName] ?? ""),
    images: join(prepared.project.directory, "out", plan.target),
    prepared,
    rootName,
  });
}

const attempts = 3;

/** Fetches and unpacks the boot root where it is not there; what has left every mirror is resolved anew. */
export async function provideRoot(
  bootable: Bootable,
  frozen: boolean,
  surroundings: Surroundings,
): Promise<Result<Bootable>> {
  let now = bootable;
  for (let attempt = 1; !existsSync(now.root); attempt += 1) {
    const { prepared, rootName } = now;
    const { plan } = prepared.planned;
    const mirrors = await mirrorsFor(prepared.project, surroundings);
    if (!mirrors.ok) return mirrors;
    const context = fetchContext(surroundings);
    const provision = { sources: [], roots: [rootName] };
    const provided = await download(provision, prepared.lock, plan, mirrors.value, context);
    if (provided.state === "gone" && !frozen && attempt < attempts) {
      const relocked = await relockGone(prepared, provided.gone, surroundings);
      if (!relocked.ok) return relocked;
      const again = replan(prepared, relocked.value);
      const next = again.ok ? bootableOf(again.value, surroundings) : again;
      if (!next.ok) return next;
      now = next.value;
      continue;
    }
    if (provided.state !== "done") return failed(...provided.failures);
    const unpacked = await unpackRoots([rootName], prepared.lock, plan, prepared.project, context);
    if (!unpacked.ok) return unpacked;
    break;
  }
  return ok(now);
}
