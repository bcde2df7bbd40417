import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { disagreements } from "../../boot/described-machine.ts";
import { missingImages } from "../../boot/missing-images.ts";
import { planRequested } from "../../build/prepare.ts";
import type { Prepared } from "../../build/prepared.ts";
import { providePrepared } from "../../build/provide-prepared.ts";
import type { Surroundings } from "../../build/request.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { Machine } from "../../recipe/schema/machine.ts";
import { outFolderOf } from "../../release/out-folder.ts";
import { rootTree } from "../../root/unpack-root.ts";

/** A target as far as booting it needs to know. */
export interface Bootable {
  readonly target: string;
  readonly machine: Machine;
  /** Host path of the boot root, where it is or will be. */
  readonly root: string;
  /** Host path of the folder with the images. */
  readonly images: string;
  readonly prepared: Prepared;
  readonly rootName: string;
}

export interface BootableRequest {
  readonly target: string | undefined;
  readonly frozen: boolean;
  /** Where the images are, below the working folder or absolute; where `nvlab build` puts them without. */
  readonly out: string | undefined;
}

/** Says what a target's machine is; downloads nothing that the lock has already. */
export async function findBootable(
  { target, frozen, out }: BootableRequest,
  surroundings: Surroundings,
): Promise<Result<Bootable>> {
  const prepared = await planRequested({ target, frozen, sources: [] }, surroundings);
  if (!prepared.ok) return prepared;
  const found = bootableOf(prepared.value, surroundings);
  if (!found.ok || out === undefined) return found;
  return ok({ ...found.value, images: resolve(surroundings.directory, out) });
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
    images: outFolderOf(prepared.project.directory, plan.target),
    prepared,
    rootName,
  });
}

/** Fetches and unpacks the boot root where it is not there. Fails with NVLAB_BOOT where an image was not built. */
export async function provideBootable(
  bootable: Bootable,
  frozen: boolean,
  surroundings: Surroundings,
): Promise<Result<Bootable>> {
  const { machine, images, target } = bootable;
  const missing = missingImages(machine, images, target);
  if (missing.length > 0) return failed(...missing);
  const needed = () => ({ sources: [], roots: [bootable.rootName] });
  const provided = await providePrepared(bootable.prepared, needed, frozen, surroundings);
  if (!provided.ok) return provided;
  warnOfTrees(bootable, surroundings);
  const found = bootableOf(provided.value, surroundings);
  return found.ok ? ok({ ...found.value, images }) : found;
}

function warnOfTrees({ prepared, machine, images }: Bootable, { emit }: Surroundings): void {
  const trees = prepared.planned.plan.artifacts.filter(({ kind }) => kind === "device-tree");
  for (const { path } of trees) {
    const file = join(images, path);
    if (!existsSync(file)) continue;
    for (const message of disagreements(path, readFileSync(file), machine)) {
      emit({ type: "notice", level: "warning", message: `${message}: the kernel believes the tree` });
    }
  }
}
