import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { printable } from "./ask-controller.ts";
import { benchMark, Measurement } from "./bench-result.ts";
import { parseJson } from "./parse-json.ts";

/**
 * The measurements among a console's lines. Fails with NVLAB_BOOT_TEST where there is none, and for each line that
 * says something that cannot be.
 */
export function collectBench(lines: readonly string[]): Result<Measurement[]> {
  const measurements: Measurement[] = [];
  const failures: Failure[] = [];
  for (const line of lines) {
    const at = line.indexOf(benchMark);
    if (at < 0) continue;
    const text = line.slice(at + benchMark.length);
    const read = Measurement.safeParse(parseJson(text));
    if (read.success) measurements.push(read.data);
    else failures.push(unreadable(text, read.error.issues));
  }
  if (failures.length > 0) return failed(...failures);
  if (measurements.length > 0) return ok(measurements);
  return failed({
    code: "NVLAB_BOOT_TEST",
    message: "The benchmark in the guest measured nothing.",
    hint: "Its console is in logs/boot.log beside the images.",
  });
}

function unreadable(
  text: string,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): Failure {
  const [first] = issues;
  const where = first === undefined ? "" : ` (${first.path.map(String).join(".")}: ${first.message})`;
  return {
    code: "NVLAB_BOOT_TEST",
    message: `The benchmark in the guest printed a measurement that cannot be${where}.`,
    hint: "The image is of another version than this nvlab: build the target and measure again.",
    details: [printable(text).slice(0, 300)],
  };
}
