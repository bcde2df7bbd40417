import type { Failure } from "../failure/failure.ts";
import type { StageTime, WatchEnd } from "./console-watch.ts";
import type { KtapResults } from "./ktap.ts";

/** How a test boot ended. */
export type BootEnding =
  WatchEnd | { readonly type: "exit"; readonly status: number } | { readonly type: "timeout" };

export interface BootTestOutcome {
  readonly ending: BootEnding;
  readonly stages: readonly StageTime[];
  readonly results: KtapResults;
  /** Milliseconds from the start of QEMU to its end. */
  readonly wallMs: number;
  /** Host path of the console's log. */
  readonly log: string;
  /** None where every test passed. NVLAB_BOOT: the machine did not get that far; NVLAB_BOOT_TEST: it did. */
  readonly failures: readonly Failure[];
  /** Those among them that are not of a single test: the machine, or the report as a whole. */
  readonly troubles: readonly Failure[];
}
