import { expect, test } from "vitest";
import { z } from "zod";
import { describeIssues } from "../../../src/recipe/describe-issue.ts";

const Step = z.union([
  z.strictObject({ run: z.string() }),
  z.strictObject({ copy: z.strictObject({ from: z.string(), to: z.string() }) }),
]);
const Document = z.strictObject({
  name: z.string(),
  count: z.int().min(1).optional(),
  steps: z.array(Step).optional(),
  environment: z.record(z.string().regex(/^[A-Z]+$/, "upper-case letters"), z.string()).optional(),
  kind: z.enum(["a", "b"]).optional(),
});

function faults(value: unknown) {
  const checked = Document.safeParse(value);
  return checked.success ? [] : describeIssues(checked.error.issues);
}

test("a missing key is missing, and not of the wrong type", () => {
  expect(faults({})).toEqual([{ path: ["name"], message: "'name' is missing (string)" }]);
});

test("a wrong type says what is expected", () => {
  expect(faults({ name: 7 })).toEqual([
    { path: ["name"], message: "'name': invalid input: expected string, received number" },
  ]);
});

test("a document that is no mapping is called the document", () => {
  expect(faults("text")[0]?.message).toMatch(/^the document: /);
});

test("each unknown key is a fault of its own", () => {
  expect(faults({ name: "x", colour: 1, size: 2 }).map(({ key, message }) => [key, message])).toEqual([
    ["colour", "unknown key 'colour' in the document"],
    ["size", "unknown key 'size' in the document"],
  ]);
});

test("of a union's alternatives the one that was meant is described", () => {
  expect(faults({ name: "x", steps: [{ copy: { from: "a", too: "b" } }] })).toMatchObject([
    { path: ["steps", 0, "copy", "to"], message: "'steps.0.copy.to' is missing (string)" },
    { path: ["steps", 0, "copy"], key: "too" },
  ]);
});

test("a name that is not allowed is told with its rule", () => {
  expect(faults({ name: "x", environment: { lower: "" } })).toEqual([
    {
      path: ["environment", "lower"],
      message: "'environment.lower' is not a valid name: upper-case letters",
    },
  ]);
});

test.each([
  ["too small a number", { count: 0 }, "count"],
  ["a value that is none of those allowed", { kind: "c" }, "kind"],
])("%s is told with its path", (_what, part, path) => {
  const [fault] = faults({ name: "x", ...part });
  expect(fault?.path).toEqual([path]);
  expect(fault?.message).toMatch(new RegExp(`^'${path}': [a-z]`));
});
