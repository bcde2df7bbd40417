import type { Failure } from "../failure/failure.ts";
import type { BootEnding, BootTestOutcome } from "./boot-outcome.ts";
import { stageNames } from "./console-stage.ts";
import type { ConsoleWatch } from "./console-watch.ts";
import type { KtapResults } from "./ktap.ts";
import { countLeaves, leaves } from "./ktap.ts";

export interface SeenBoot {
  readonly ending: BootEnding;
  readonly results: KtapResults;
  readonly watch: Pick<ConsoleWatch, "stage" | "tail">;
  readonly timeoutSeconds: number;
  readonly log: string;
}

/** Console lines that a failure shows. */
const shownLines = 20;

/** Everything that is wrong with a test boot; nothing where each test was reported and none failed. */
export function judgeBoot(seen: SeenBoot): Pick<BootTestOutcome, "failures" | "troubles"> {
  const machine = judgeMachine(seen);
  const cases = judgeCases(seen.results);
  // A machine that never came to its tests says so; that there is no report either, follows.
  const told = machine !== undefined && seen.results.tests.length === 0;
  const report = told ? [] : judgeReport(seen.results);
  const troubles = machine === undefined ? report : [machine, ...report];
  return { troubles, failures: [...troubles, ...cases] };
}

function judgeMachine({ ending, watch, timeoutSeconds, log, results }: SeenBoot): Failure | undefined {
  const place = stageNames[watch.stage];
  const failure = (message: string, hint: string): Failure => ({
    code: "NVLAB_BOOT",
    message,
    hint,
    details: [...watch.tail(shownLines), `Whole console: ${log}`],
  });
  switch (ending.type) {
    case "tests-ended":
      return undefined;
    case "crash":
      return failure(
        `The machine crashed ${place}: ${ending.line}`,
        "nvlab boot --gdb lets a debugger look closer.",
      );
    case "prompt":
      return failure(
        "U-Boot found nothing to boot and waits at its prompt.",
        "nvlab boot without --test gives that prompt; bootflow scan -l lists what it sees.",
      );
    case "timeout":
      return failure(
        `The machine was not done after ${timeoutSeconds} s: it stuck ${place}.`,
        "--timeout SECONDS gives it longer; nvlab boot without --test shows it live.",
      );
    case "exit":
      if (ending.status !== 0) {
        return failure(
          `QEMU ended with status ${ending.status} ${place}.`,
          "nvlab boot --print shows the command to try by hand.",
        );
      }
      if (results.tests.length > 0) return undefined;
      return failure(
        `The machine powered off ${place} without running any test.`,
        "Test mode is asked for by boot.qemu.test-command-line of the target.",
      );
  }
}

function judgeCases(results: KtapResults): Failure[] {
  return leaves(results.tests)
    .filter(({ test }) => test.status === "fail")
    .map(({ test, path }) => ({
      code: "NVLAB_BOOT_TEST",
      message: `${[...path, test.name].join(": ")} failed${test.reason === undefined ? "" : ` (${test.reason})`}.`,
      ...(test.diagnostics.length === 0 ? {} : { details: test.diagnostics }),
    }));
}

function judgeReport(results: KtapResults): Failure[] {
  const messages = [...new Set(results.problems)].map(
    (problem) => `The test report is not whole: ${problem}.`,
  );
  if (results.bailOut !== undefined) {
    messages.push(`The tests gave up: ${results.bailOut === "" ? "no reason given" : results.bailOut}.`);
  }
  const { pass, fail, "expected-fail": expected } = countLeaves(results.tests);
  if (pass + fail + expected === 0) messages.push("No test was run.");
  return messages.map((message) => ({ code: "NVLAB_BOOT_TEST", message }));
}
