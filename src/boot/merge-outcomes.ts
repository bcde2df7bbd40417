import type { Failure } from "../failure/failure.ts";
import type { MachineName } from "../lab/lab-folder.ts";
import type { BootTestOutcome } from "./boot-outcome.ts";

export interface NamedOutcome {
  readonly name: MachineName;
  readonly outcome: BootTestOutcome;
}

/**
 * The outcomes of machines that ran at once as one: each test and failure says of which machine it is, the ending
 * and the stages are those of the first machine that did not come to the end of its tests, else of the first one.
 */
export function mergeOutcomes(outcomes: readonly [NamedOutcome, ...NamedOutcome[]]): BootTestOutcome {
  const [first, ...others] = outcomes;
  if (others.length === 0) return first.outcome;
  const unfinished = outcomes.find(({ outcome }) => outcome.ending.type !== "tests-ended");
  const { ending, stages, log } = (unfinished ?? first).outcome;
  return {
    ...{ ending, stages, log },
    results: {
      tests: outcomes.flatMap(({ name, outcome }) =>
        outcome.results.tests.map((test) => ({ ...test, name: `${name}: ${test.name}` })),
      ),
      problems: outcomes.flatMap(({ name, outcome }) =>
        outcome.results.problems.map((problem) => `machine ${name}: ${problem}`),
      ),
    },
    wallMs: Math.max(...outcomes.map(({ outcome }) => outcome.wallMs)),
    failures: outcomes.flatMap(({ name, outcome }) => named(name, outcome.failures)),
    troubles: outcomes.flatMap(({ name, outcome }) => named(name, outcome.troubles)),
  };
}

function named(name: MachineName, failures: readonly Failure[]): Failure[] {
  return failures.map((failure) => ({ ...failure, message: `Machine ${name}: ${failure.message}` }));
}

/** The outcome with what went wrong beside the machine. */
export function withTroubles(outcome: BootTestOutcome, more: readonly Failure[]): BootTestOutcome {
  return {
    ...outcome,
    troubles: [...outcome.troubles, ...more],
    failures: [...outcome.failures, ...more],
  };
}
