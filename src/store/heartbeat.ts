import { statSync, utimesSync } from "node:fs";
import { livenessOf, ownerOf } from "./process-identity.ts";

const beatMs = 20_000;
/** A foreign owner that has not moved for so long is gone. */
const silenceMs = 6 * beatMs;

/** Keeps the time of an owned file fresh, for those who cannot ask its process. */
export function startHeartbeat(path: string): { stop: () => void } {
  const timer = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // Someone removed the file: whoever looks for it sees that too.
    }
  }, beatMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Whether the process that an owned file is named after still runs. */
export function isHeld(name: string, path: string, now: number): boolean {
  const owner = ownerOf(name);
  const liveness = owner ? livenessOf(owner) : "foreign";
  if (liveness !== "foreign") return liveness === "alive";
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && now - found.mtimeMs < silenceMs;
}
