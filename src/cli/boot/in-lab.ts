import { join } from "node:path";
import { ok, type Result } from "../../failure/result.ts";
import { closeLab, openLab } from "../../lab/lab-folder.ts";
import { onDisk } from "../../store/store-failure.ts";
import type { CommandContext } from "../context.ts";
import type { Bootable } from "./bootable.ts";
import { machineNames } from "./stage-machines.ts";

/** While the work goes on, the machines' sockets have a folder in which `nvlab lab` finds them. */
export async function inLab<T>(
  { target, machine, prepared }: Bootable,
  peer: boolean,
  { cacheDir }: CommandContext,
  work: (lab: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  // A machine without controllers has no sockets, and nothing to be found.
  if (machine.controllers.length === 0) return work("");
  const controllers = machine.controllers.map(({ name }) => name);
  const machines = machineNames(peer).map((name) => ({ name, controllers }));
  const record = { labVersion: 1, project: prepared.project.directory, target, machines } as const;
  const opened = await onDisk(cacheDir, async () => ok(await openLab(cacheDir, record)));
  if (!opened.ok) return opened;
  try {
    return await work(opened.value);
  } finally {
    // What cannot be removed now, the next command tries again.
    await onDisk(cacheDir, async () => {
      await closeLab(opened.value);
      return ok(undefined);
    });
  }
}

/** Where the commands that --print shows have their sockets. */
export function printedLab({ cacheDir }: CommandContext): string {
  return join(cacheDir, "tmp", "lab");
}
