import { join } from "node:path";
import { planRequested } from "../../build/prepare.ts";
import type { Prepared } from "../../build/prepared.ts";
import { providePrepared } from "../../build/provide-prepared.ts";
import type { Surroundings } from "../../build/request.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { Machine } from "../../recipe/schema/machine.ts";
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

/** Fetches and unpacks the boot root where it is not there. */
export async function provideRoot(
  bootable: Bootable,
  frozen: boolean,
  surroundings: Surroundings,
): Promise<Result<Bootable>> {
  const needed = () => ({ sources: [], roots: [bootable.rootName] });
  const provided = await providePrepared(bootable.prepared, needed, frozen, surroundings);
  return provided.ok ? bootableOf(provided.value, surroundings) : provided;
}
