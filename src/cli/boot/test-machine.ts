import { bootTest } from "../../boot/boot-test.ts";
import type { BootTestOutcome } from "../../boot/boot-outcome.ts";
import { mergeOutcomes, withTroubles } from "../../boot/merge-outcomes.ts";
import { withModels } from "../../boot/run-models.ts";
import type { StagedMachine } from "../../boot/stage-machine.ts";
import { testResults } from "../../boot/test-results.ts";
import { renderTestTable } from "../../boot/test-table.ts";
import { writeTestResults } from "../../boot/write-results.ts";
import { all, failed, ok, type Result } from "../../failure/result.ts";
import type { CommandContext, Outcome } from "../context.ts";

export interface TestRequest {
  readonly target: string;
  readonly machines: readonly StagedMachine[];
  readonly images: string;
  readonly timeoutSeconds: number;
  /** Each line of the first machine's console. */
  readonly onLine?: (line: string) => void;
}

/** Boots without a person; the tests' table is the result, and the files junit.xml and test-results.json. */
export async function testMachines(request: TestRequest, context: CommandContext): Promise<Result<Outcome>> {
  const { target, images } = request;
  const tested = await runTests(request, context);
  if (!tested.ok) return tested;
  const written = await writeTestResults(images, target, tested.value);
  if (!written.ok) return written;
  return ok({
    data: testResults(target, tested.value),
    result: renderTestTable(tested.value),
    failures: tested.value.troubles,
    exit: tested.value.failures.length === 0 ? 0 : 1,
  });
}

/** Boots all machines at once, each with its models, and tells what came of it as of one machine. */
export async function runTests(
  request: TestRequest,
  context: CommandContext,
): Promise<Result<BootTestOutcome>> {
  const { machines } = request;
  const models = machines.flatMap((machine) => machine.models);
  const tested = await withModels(models, { signal: context.signal }, async () =>
    all(await Promise.all(machines.map((machine) => testOne(machine, request, context)))),
  );
  if (!tested.ok) return failed(...new Map(tested.failures.map((one) => [one.message, one])).values());
  const { value, died } = tested.value;
  const [first, ...others] = machines.flatMap(({ name }, index) => {
    const outcome = value[index];
    return outcome === undefined ? [] : [{ name, outcome }];
  });
  if (first === undefined) throw new Error("a boot without a machine");
  return ok(withTroubles(mergeOutcomes([first, ...others]), died));
}

async function testOne(
  machine: StagedMachine,
  { target, timeoutSeconds, onLine }: TestRequest,
  { emit, signal }: CommandContext,
): Promise<Result<BootTestOutcome>> {
  const node = machine.name === "a" ? `${target}/boot` : `${target}/boot-${machine.name}`;
  emit({ type: "node-started", node, component: target });
  let lines = 0;
  const tested = await bootTest({
    run: machine.qemu,
    timeoutSeconds,
    log: machine.log,
    onLine: (line) => {
      emit({ type: "node-output", node, line, lines: ++lines });
      if (machine.name === "a") onLine?.(line);
    },
    signal,
  });
  const passed = tested.ok && tested.value.failures.length === 0;
  const wall = tested.ok ? tested.value.wallMs : 0;
  emit({ type: "node-finished", node, component: target, outcome: passed ? "built" : "failed", wall });
  return tested;
}
