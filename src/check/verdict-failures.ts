import type { Failure } from "../failure/failure.ts";
import type { Finding, Verdict } from "./findings.ts";

/** A failure for each finding, and one for all that dt-schema said of no file: it has failed itself. */
export function verdictFailures({ findings, stray }: Verdict): Failure[] {
  if (stray.length === 0) return findings.map(failureOf);
  const failure: Failure = {
    code: "NVLAB_DEVICE_TREE",
    message: "dt-schema failed",
    hint: "look for the file that it stopped at: a tree that is damaged, or a binding that is no schema",
    details: stray,
  };
  return [...findings.map(failureOf), failure];
}

function failureOf({ file, message, details }: Finding): Failure {
  return {
    code: "NVLAB_DEVICE_TREE",
    message: `${file}: ${message}`,
    ...(details.length > 0 && { details }),
    hint: "correct the node, or the binding that describes it",
  };
}
