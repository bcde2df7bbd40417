import { readFileSync } from "node:fs";
import { findFirstError } from "../exec/first-error.ts";
import { describeExit, type StepExit } from "../exec/step-exit.ts";
import type { Failure } from "../failure/failure.ts";
import { modpostFailures } from "../module/modpost.ts";
import type { ScriptNode } from "../plan/node.ts";

/** Lines of the end of a log that are shown. */
const shownLines = 15;

/**
 * What a person needs to know of a step that failed: the first real error, the end of the log, where to look; or
 * what the kernel's own check says against external modules, one failure a fault.
 */
export function stepFailures(node: ScriptNode, exit: StepExit, log: string): readonly Failure[] {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  const refused = node.modules ? modpostFailures(lines) : [];
  return refused.length > 0 ? refused : [stepFailure(node, exit, lines)];
}

function stepFailure(node: ScriptNode, exit: StepExit, lines: readonly string[]): Failure {
  const first = findFirstError(lines);
  const described = describeExit(exit);
  const tail = lines.slice(-shownLines);
  const repeated = first !== undefined && tail.includes(first.line);
  return {
    code: "NVLAB_STEP",
    message: `'${node.component}' ${described.message}${first ? `: ${first.line.trim()}` : ""}`,
    details: [...(first && !repeated ? [first.line, "…"] : []), ...tail],
    hint: described.hint ?? `look closer with \`nvlab shell ${node.component}\``,
  };
}
