import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { livenessOf, ownedName, ownerOf } from "../store/process-identity.ts";
import { labsFolder, staleLabs } from "../store/stale-temporary.ts";
import type { LabRecord } from "./lab-record.ts";

/** The machines of one boot: "a" alone, or with the peer "b". */
export type MachineName = "a" | "b";

export const recordName = "lab.json";

/** Folder of a lab with the sockets of one machine's controllers; /lab in the sandboxes. */
export function socketsFolder(lab: string, machine: MachineName): string {
  return join(lab, machine);
}

/** Folder of a lab with the sockets through which two machines' host links are joined. */
export function peerFolder(lab: string): string {
  return join(lab, "peer");
}

export function socketName(controller: string): string {
  return `${controller}.sock`;
}

export function controlName(controller: string): string {
  return `${controller}.control`;
}

/**
 * Makes the folder of a boot, which other commands find as long as this process lives; what killed ones left behind
 * goes. The value is its host path. Throws what the file system says.
 */
export async function openLab(cacheDir: string, record: LabRecord): Promise<string> {
  const labs = labsFolder(cacheDir);
  await removeDeadLabs(cacheDir);
  const lab = join(labs, ownedName());
  for (const { name } of record.machines) {
    await mkdir(socketsFolder(lab, name), { recursive: true, mode: 0o700 });
  }
  await mkdir(peerFolder(lab), { mode: 0o700 });
  // Appears whole: a command that looks in this moment must not read half of it.
  await writeFile(join(lab, "new"), JSON.stringify(record));
  await rename(join(lab, "new"), join(lab, recordName));
  return lab;
}

export async function closeLab(lab: string): Promise<void> {
  await rm(lab, { recursive: true, force: true });
}

/** A boot that goes on and can be asked. */
export interface FoundLab {
  readonly folder: string;
  /** Process that boots. */
  readonly pid: number;
}

/**
 * Folders whose process lives. Those of dead ones are removed, and those of another container or from before a reboot
 * once they are a day old. Throws system errors.
 * @param now milliseconds since 1970
 */
export async function removeDeadLabs(cacheDir: string, now: number = Date.now()): Promise<FoundLab[]> {
  const labs = labsFolder(cacheDir);
  for (const name of staleLabs(cacheDir, now)) await closeLab(join(labs, name));
  return (await readdir(labs).catch(() => [])).flatMap((name) => {
    const owner = ownerOf(name);
    if (owner === undefined || livenessOf(owner) !== "alive") return [];
    return [{ folder: join(labs, name), pid: owner.pid }];
  });
}
