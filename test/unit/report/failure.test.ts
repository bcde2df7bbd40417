import { expect, test } from "vitest";
import { renderFailure, renderFailures } from "../../../src/report/failure.ts";
import { colourful, colourless } from "../../../src/report/palette.ts";

const nothing = (): undefined => undefined;

test("a failure shows its code and what happened", () => {
  const text = renderFailure(
    { code: "NVLAB_STEP", message: "linux could not be built" },
    colourless,
    nothing,
  );
  expect(text).toBe("error NVLAB_STEP: linux could not be built");
});

test("a failure with a position shows the line of the file and a caret below the column", () => {
  const failure = {
    code: "NVLAB_RECIPE",
    message: "unknown key 'nams'",
    at: { file: "recipes/components/linux.yaml", line: 2, column: 3 },
    hint: "did you mean name?",
  } as const;
  const text = renderFailure(failure, colourless, (file) =>
    file === failure.at.file ? "a: 1\n  nams: linux\n" : undefined,
  );
  expect(text).toBe(
    [
      "error NVLAB_RECIPE: unknown key 'nams'",
      "  at recipes/components/linux.yaml:2:3",
      "    2 |   nams: linux",
      "      |   ^",
      "  hint: did you mean name?",
    ].join("\n"),
  );
});

test("the caret stands right below its character behind tabs and wide characters", () => {
  const at = { file: "x", line: 1, column: 4 };
  const lines = (source: string): string[] =>
    renderFailure({ code: "NVLAB_YAML", message: "m", at }, colourless, () => source).split("\n");
  expect(lines("a\tbc")[3]).toBe("      |  \t ^");
  expect(lines("漢字漢c")[3]).toBe("      |       ^");
});

test("a position in a file that cannot be read, or behind its end, is shown without a line", () => {
  const failure = { code: "NVLAB_YAML", message: "m", at: { file: "x", line: 9, column: 1 } } as const;
  expect(renderFailure(failure, colourless, nothing)).toBe("error NVLAB_YAML: m\n  at x:9:1");
  expect(renderFailure(failure, colourless, () => "one line")).toBe("error NVLAB_YAML: m\n  at x:9:1");
});

test("details and the further lines of a hint are indented", () => {
  const failure = {
    code: "NVLAB_STEP",
    message: "m",
    details: ["a.c:1: error", "make: ***"],
    hint: "one\ntwo",
  } as const;
  expect(renderFailure(failure, colourless, nothing).split("\n").slice(1)).toEqual([
    "  | a.c:1: error",
    "  | make: ***",
    "  hint: one",
    "        two",
  ]);
});

test("several failures are apart by an empty line", () => {
  const failures = [
    { code: "NVLAB_YAML", message: "first" },
    { code: "NVLAB_YAML", message: "second" },
  ] as const;
  expect(renderFailures(failures, colourless, nothing)).toBe(
    "error NVLAB_YAML: first\n\nerror NVLAB_YAML: second",
  );
});

test("colours mark the word error and the caret", () => {
  const at = { file: "x", line: 1, column: 1 };
  const text = renderFailure({ code: "NVLAB_YAML", message: "m", at }, colourful, () => "abc");
  expect(text).toContain("\x1b[31merror\x1b[0m");
  expect(text).toContain("\x1b[31m^\x1b[0m");
});
