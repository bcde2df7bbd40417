import type { BootTestOutcome } from "./boot-outcome.ts";
import type { KtapTest } from "./ktap.ts";
import { countLeaves, leaves } from "./ktap.ts";

const marks = { pass: "pass", fail: "FAIL", skip: "skip", "expected-fail": "xfail" } as const;

/**
 * The outcome for people: a line for each outermost test, its subtests below where one of them is not simply
 * passed, and the sums. Why the machine itself failed is told by the failures.
 */
export function renderTestTable(outcome: BootTestOutcome): string {
  const { tests } = outcome.results;
  const width = Math.max(0, ...tests.map(({ name }) => name.length));
  const lines = tests.flatMap((test) => [headline(test, width), ...details(test)]);
  const counts = countLeaves(tests);
  const sums = [
    `${counts.pass} passed`,
    `${counts.fail} failed`,
    ...(counts.skip > 0 ? [`${counts.skip} skipped`] : []),
    ...(counts["expected-fail"] > 0 ? [`${counts["expected-fail"]} expected to fail`] : []),
  ];
  return `${[...lines, ...(tests.length > 0 ? [""] : []), `${sums.join(", ")} in ${seconds(outcome.wallMs)}`].join("\n")}\n`;
}

function headline(test: KtapTest, width: number): string {
  const found = leaves(test.children);
  const passed = found.filter((leaf) => leaf.test.status === "pass").length;
  const share = found.length === 0 ? "" : `${passed}/${found.length}`;
  const time = test.timeMs === undefined ? "" : seconds(test.timeMs);
  const why = test.reason === undefined ? "" : `  ${test.reason}`;
  return `  ${marks[test.status].padEnd(5)} ${test.name.padEnd(width)} ${share.padStart(7)} ${time.padStart(8)}${why}`.trimEnd();
}

function details(test: KtapTest): string[] {
  return leaves(test.children)
    .filter((leaf) => leaf.test.status !== "pass")
    .flatMap(({ test: leaf, path }) => [
      `        ${marks[leaf.status].padEnd(5)} ${[...path, leaf.name].join(": ")}${leaf.reason === undefined ? "" : `  (${leaf.reason})`}`,
      ...(leaf.status === "fail" ? leaf.diagnostics.map((line) => `              ${line}`) : []),
    ]);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
