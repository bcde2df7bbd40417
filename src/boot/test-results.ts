import type { BootEnding, BootTestOutcome } from "./boot-outcome.ts";
import type { StageTime } from "./console-watch.ts";
import type { KtapCounts, KtapTest } from "./ktap.ts";
import { countLeaves } from "./ktap.ts";

/** test-results.json, for programs. Its times are those of one run: it is no part of what is compared. */
export interface TestResults {
  readonly resultsVersion: 1;
  readonly target: string;
  /** SRI text over the manifest.json of the images that were booted; absent where there is none beside the results. */
  readonly manifest?: string;
  readonly passed: boolean;
  /** Leaves of the tree by status. */
  readonly counts: KtapCounts;
  readonly ending: BootEnding;
  readonly stages: readonly StageTime[];
  readonly wallMs: number;
  readonly tests: readonly KtapTest[];
  readonly failures: readonly { readonly code: string; readonly message: string }[];
}

/** `manifest`: SRI text over the manifest.json of the images, by which a signer knows what was tested. */
export function testResults(target: string, outcome: BootTestOutcome, manifest?: string): TestResults {
  return {
    resultsVersion: 1,
    target,
    ...(manifest !== undefined && { manifest }),
    passed: outcome.failures.length === 0,
    counts: countLeaves(outcome.results.tests),
    ending: outcome.ending,
    stages: outcome.stages,
    wallMs: outcome.wallMs,
    tests: outcome.results.tests,
    failures: outcome.failures.map(({ code, message }) => ({ code, message })),
  };
}
