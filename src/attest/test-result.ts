import { z } from "zod";
import { statementType, type ResourceDescriptor, type Statement } from "./statement.ts";
import { subjectsOf } from "./subjects.ts";

/** in-toto attestation framework, predicates/test-result.md */
export const testResultType = "https://in-toto.io/attestation/test-result/v0.1";

export const TestResultPredicate = z.looseObject({
  result: z.enum(["PASSED", "WARNED", "FAILED"]),
  configuration: z.array(z.looseObject({})),
  passedTests: z.array(z.string()).optional(),
  failedTests: z.array(z.string()).optional(),
});

interface TestNode {
  readonly name: string;
  readonly status: "pass" | "fail" | "skip" | "expected-fail";
  readonly children: readonly TestNode[];
}

const TestNode: z.ZodType<TestNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    status: z.enum(["pass", "fail", "skip", "expected-fail"]),
    children: z.array(TestNode),
  }),
);

/** What is needed of the test-results.json that `nvlab boot --test` writes. */
export const BootResults = z.object({
  resultsVersion: z.literal(1),
  target: z.string(),
  passed: z.boolean(),
  /** SRI text over the manifest.json of the images that were booted. */
  manifest: z.string().optional(),
  tests: z.array(TestNode),
  failures: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type BootResults = z.output<typeof BootResults>;

export interface TestResultInput {
  readonly results: BootResults;
  readonly artifacts: readonly { readonly path: string; readonly integrity: string }[];
  /** What the tests ran on: emulator, options. */
  readonly configuration: readonly ResourceDescriptor[];
}

/** The statement that a boot test's results are of these artifacts. Skipped tests are neither passed nor failed. */
export function composeTestResult({ results, artifacts, configuration }: TestResultInput): Statement {
  const leaves = results.tests.flatMap((test) => leavesOf(test, []));
  const named = (...wanted: readonly TestNode["status"][]) =>
    leaves.filter(({ status }) => wanted.includes(status)).map(({ name }) => name);
  return {
    _type: statementType,
    subject: subjectsOf(artifacts),
    predicateType: testResultType,
    predicate: {
      result: results.passed ? "PASSED" : "FAILED",
      configuration,
      passedTests: named("pass", "expected-fail"),
      warnedTests: [],
      failedTests: named("fail"),
    },
  };
}

function leavesOf(test: TestNode, above: readonly string[]): { name: string; status: TestNode["status"] }[] {
  const path = [...above, test.name];
  const below = test.children.flatMap((child) => leavesOf(child, path));
  const unexplained = test.status === "fail" && !below.some(({ status }) => status === "fail");
  const own = { name: path.join(" > "), status: test.status };
  return below.length === 0 || unexplained ? [...below, own] : below;
}
