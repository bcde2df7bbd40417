import type { Failure } from "../failure/failure.ts";
import { type Met, undecodable } from "./walk-tree.ts";

/** Why something in an output cannot be kept, if it cannot. */
export function unkeepable(met: Met): Failure | undefined {
  const { path } = met;
  if (path.includes("\n")) return refusal(path, "has a line break in its name", "give it another name");
  if (path.includes(undecodable))
    return refusal(path, "has a name that is not UTF-8", "give it another name");
  if (met.type !== "other") return undefined;
  return refusal(path, `is a ${kindOf(met)}`, "make it in the image's list of files");
}

function refusal(path: string, why: string, hint: string): Failure {
  return {
    code: "NVLAB_STORE",
    message: `/out/${JSON.stringify(path).slice(1, -1)} cannot be kept: it ${why}`,
    hint,
  };
}

function kindOf({ stats }: Met): string {
  if (stats.isSocket()) return "socket";
  return stats.isFIFO() ? "named pipe" : "device node";
}
