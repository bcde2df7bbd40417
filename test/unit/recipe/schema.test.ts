import { expect, test } from "vitest";
import { parseYaml } from "../../../src/recipe/parse-yaml.ts";
import { EnvironmentValue, Name, OutputPath, ProjectPath } from "../../../src/recipe/schema/text.ts";
import { documents } from "../../../src/recipe/schema/documents.ts";

test.each(["/etc", "..", "a/../b", "./a", "a/.", "a//b", "a\0b", ""])(
  "%j is no path of a project",
  (path) => {
    expect(ProjectPath.safeParse(path).success).toBe(false);
  },
);

test.each(["a", "a/b.c", ".config", "patches/linux/", "a..b"])("%j is a path of a project", (path) => {
  expect(ProjectPath.safeParse(path).success).toBe(true);
});

test.each(["", "a/../b", "../a", "/a", "a b", "a\n", "$(a)", "a/./b"])("%j is no output", (path) => {
  expect(OutputPath.safeParse(path).success).toBe(false);
});

test.each(["constructor", "__proto__", "A", "../a", "a/b", "a\n"])("%j is no name", (name) => {
  expect(Name.safeParse(name).success).toBe(false);
});

test("a variable holds no NUL, which would be the end of it", () => {
  expect(EnvironmentValue.safeParse("a\0b").success).toBe(false);
});

test("a document that is nested beyond reason is a failure and no crash", () => {
  const text = "- ".repeat(20_000);
  expect(parseYaml("a.yaml", text, documents.component, "NVLAB_RECIPE").ok).toBe(false);
});
