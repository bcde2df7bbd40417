import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { livenessOf, ownerOf } from "./process-identity.ts";

/** What no living process of this machine can be asked about is left alone for so long. */
const unownedMs = 24 * 3_600_000;

/** Below the cache: a folder for each boot with emulated controllers, named after the process that does it. */
export function labsFolder(cacheDir: string): string {
  return join(cacheDir, "lab");
}

/**
 * Names in <cache>/tmp that nobody works with any more: their owner is dead, or they have no known owner and have
 * not changed for a day.
 */
export function staleTemporaries(cacheDir: string, now: number): string[] {
  return staleIn(join(cacheDir, "tmp"), now);
}

/** Names in <cache>/lab of boots that are over, by the same rule; what no boot made is not among them. */
export function staleLabs(cacheDir: string, now: number): string[] {
  return staleIn(labsFolder(cacheDir), now).filter((name) => ownerOf(name) !== undefined);
}

function staleIn(folder: string, now: number): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => {
    const owner = ownerOf(name);
    const liveness = owner ? livenessOf(owner) : "foreign";
    if (liveness !== "foreign") return liveness === "dead";
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return stats !== undefined && now - Math.max(stats.mtimeMs, stats.ctimeMs) > unownedMs;
  });
}
