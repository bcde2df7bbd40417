import { join } from "node:path";
import { bootTest } from "../../boot/boot-test.ts";
import { testResults } from "../../boot/test-results.ts";
import { renderTestTable } from "../../boot/test-table.ts";
import { writeTestResults } from "../../boot/write-results.ts";
import type { SandboxRun } from "../../exec/sandbox.ts";
import { ok, type Result } from "../../failure/result.ts";
import type { CommandContext, Outcome } from "../context.ts";

/** A boot to the verdict takes a few seconds; a machine that says nothing for so long has hung. */
const usualTimeoutSeconds = 120;

export interface TestRequest {
  readonly target: string;
  readonly run: SandboxRun;
  readonly images: string;
  readonly timeoutSeconds: number | undefined;
}

/** Boots without a person; the tests' table is the result, and the files junit.xml and test-results.json. */
export async function testMachine(request: TestRequest, context: CommandContext): Promise<Result<Outcome>> {
  const { target, run, images, timeoutSeconds = usualTimeoutSeconds } = request;
  const { emit, signal } = context;
  const node = `${target}/boot`;
  emit({ type: "node-started", node, component: target });
  let lines = 0;
  const tested = await bootTest({
    run,
    timeoutSeconds,
    log: join(images, "logs", "boot.log"),
    onLine: (line) => {
      emit({ type: "node-output", node, line, lines: ++lines });
    },
    signal,
  });
  const passed = tested.ok && tested.value.failures.length === 0;
  const wall = tested.ok ? tested.value.wallMs : 0;
  emit({ type: "node-finished", node, component: target, outcome: passed ? "built" : "failed", wall });
  if (!tested.ok) return tested;
  const written = await writeTestResults(images, target, tested.value);
  if (!written.ok) return written;
  return ok({
    data: testResults(target, tested.value),
    result: renderTestTable(tested.value),
    failures: tested.value.troubles,
    exit: passed ? 0 : 1,
  });
}
