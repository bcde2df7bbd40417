import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { BuildOutcome } from "./outcome.ts";

/**
 * Writes build-report.json beside the images: what differs from build to build (times, memory, what came from
 * the store), and so has no place in the manifest.
 */
export function writeBuildReport(out: string, outcome: BuildOutcome, wallMs: number): void {
  const report = {
    schemaVersion: 1,
    target: outcome.target,
    finished: new Date().toISOString(),
    wallMs,
    host: { cores: availableParallelism(), memoryBytes: totalmem() },
    nodes: outcome.nodes.map(({ node, component, outcome: state, report: step }) => ({
      node,
      component,
      outcome: state,
      ...step,
    })),
  };
  mkdirSync(out, { recursive: true });
  const temporary = join(out, `.build-report.${String(process.pid)}`);
  writeFileSync(temporary, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(temporary, join(out, "build-report.json"));
}
