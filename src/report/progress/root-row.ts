import type { RootEvent } from "../event-kinds.ts";
import { count, humanDuration } from "../measure.ts";
import type { Row } from "./row.ts";

/** A root's row while its packages are unpacked. */
export interface RootProgress {
  readonly see: (event: RootEvent) => void;
  readonly row: Row;
}

export function trackRoot(name: string, startedAt: number): RootProgress {
  let unpacked = 0;
  let packages = 0;
  let finishedAt: number | undefined;
  return {
    see: (event) => {
      if (event.type === "root-finished") {
        finishedAt = event.at;
        return;
      }
      packages = event.packages;
      if (event.type === "root-progress") unpacked = event.unpacked;
    },
    row: (now) => {
      const took = humanDuration((finishedAt ?? now) - startedAt);
      if (finishedAt !== undefined) return { text: `root ${name}  unpacked in ${took}`, state: "done" };
      const text = `root ${name}  unpacking ${String(unpacked)} of ${count(packages, "package")}  ${took}`;
      return { text, state: "running" };
    },
  };
}
