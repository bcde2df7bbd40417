import { join } from "node:path";
import type { TestSelection } from "../../boot/test-selection.ts";
import { testWords, unknownTests, usualTimeoutSeconds } from "../../boot/test-selection.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { BenchResult } from "../../lab/bench-result.ts";
import { collectBench } from "../../lab/collect-bench.ts";
import { renderBench } from "../../lab/render-bench.ts";
import { writeResultFile } from "../../boot/write-results.ts";
import { type Bootable, findBootable, provideBootable } from "../boot/bootable.ts";
import { inLab } from "../boot/in-lab.ts";
import { stageMachines } from "../boot/stage-machines.ts";
import { runTests } from "../boot/test-machine.ts";
import { testsIn } from "../boot/tests-in.ts";
import type { CommandContext, Outcome, Run } from "../context.ts";
import type { LabBenchOptions } from "../options.ts";

const selection: TestSelection = { type: "named", names: ["bench"] };

/** Boots the target with its benchmark, and tells what that measured. */
export const run: Run<LabBenchOptions> = async (context, { target, out, timeout, frozen = context.ci }) => {
  const found = await findBootable({ target, frozen, out }, context);
  if (!found.ok) return found;
  const unknown = unknownTests(selection, testsIn(found.value));
  if (unknown.length > 0) return failed(...unknown);
  const provided = await provideBootable(found.value, frozen, context);
  if (!provided.ok) return provided;
  return inLab(provided.value, false, context, (lab) => bench(provided.value, lab, timeout, context));
};

async function bench(
  bootable: Bootable,
  lab: string,
  timeout: number | undefined,
  context: CommandContext,
): Promise<Result<Outcome>> {
  const { target, images, machine } = bootable;
  const words = [testWords(machine["test-command-line"], selection)];
  const machines = stageMachines(bootable, { testing: true, peer: false, words }, lab);
  if (!machines.ok) return machines;
  const lines: string[] = [];
  const timeoutSeconds = timeout ?? usualTimeoutSeconds(selection);
  const tested = await runTests(
    { target, machines: machines.value, images, timeoutSeconds, onLine: (line) => lines.push(line) },
    context,
  );
  if (!tested.ok) return tested;
  if (tested.value.failures.length > 0) return failed(...tested.value.failures);
  const measurements = collectBench(lines);
  if (!measurements.ok) return measurements;
  const data: BenchResult = { benchVersion: 1, target, measurements: measurements.value };
  const written = await writeResultFile(images, "bench.json", `${JSON.stringify(data, null, 2)}\n`);
  if (!written.ok) return written;
  return ok({
    data,
    result: renderBench(data.measurements, context.paint),
    remarks: `written to ${join(images, "bench.json")}`,
  });
}
