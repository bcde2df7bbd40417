import type { WrittenRelease } from "../release/release-request.ts";
import type { StepReport } from "../store/entry.ts";

/** What became of one component or image. */
export interface BuiltNode {
  readonly node: string;
  readonly component: string;
  readonly outcome: "built" | "cached";
  readonly report: StepReport;
  /** Where its output lies in the store. */
  readonly path: string;
}

export interface BuildOutcome {
  readonly target: string;
  readonly out: string;
  /** Absent where only some components were asked for. */
  readonly release?: WrittenRelease;
  readonly nodes: readonly BuiltNode[];
}
