export type KtapStatus = "pass" | "fail" | "skip" | "expected-fail";

/** A test as the Kernel Test Anything Protocol reports it (Documentation/dev-tools/ktap.rst, version 1). */
export interface KtapTest {
  readonly number: number;
  readonly name: string;
  readonly status: KtapStatus;
  /** Text behind a directive, or behind a # that is none. */
  readonly reason?: string;
  /** Milliseconds: what the test says of itself, else the time between lines. */
  readonly timeMs?: number;
  readonly diagnostics: readonly string[];
  /** Subtests in their order; none for a leaf. */
  readonly children: readonly KtapTest[];
}

export interface KtapResults {
  readonly tests: readonly KtapTest[];
  /** What is wrong with the output itself: a plan that does not fit, an end that is missing. */
  readonly problems: readonly string[];
  readonly bailOut?: string;
}

/** A line of the console. */
export interface ConsoleLine {
  readonly text: string;
  /** Milliseconds since the machine was started. */
  readonly at?: number;
}

export interface KtapLeaf {
  readonly test: KtapTest;
  /** Names of the tests around it, the outermost first. */
  readonly path: readonly string[];
}

/**
 * What counts as a case: every test without subtests, and one with subtests that failed though none of them did.
 */
export function leaves(tests: readonly KtapTest[], path: readonly string[] = []): KtapLeaf[] {
  return tests.flatMap((test) => {
    const below = leaves(test.children, [...path, test.name]);
    const unexplained = test.status === "fail" && !below.some((leaf) => leaf.test.status === "fail");
    return below.length === 0 || unexplained ? [...below, { test, path }] : below;
  });
}

export interface KtapCounts {
  readonly pass: number;
  readonly fail: number;
  readonly skip: number;
  readonly "expected-fail": number;
}

export function countLeaves(tests: readonly KtapTest[]): KtapCounts {
  const counts = { pass: 0, fail: 0, skip: 0, "expected-fail": 0 };
  for (const { test } of leaves(tests)) counts[test.status] += 1;
  return counts;
}
