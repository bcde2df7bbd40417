import { expect, test } from "vitest";
import { parseStatus } from "../../../src/build/commit.ts";

const id = "0123456789abcdef0123456789abcdef01234567";
const head = `# branch.oid ${id}\n# branch.head main\n# branch.ab +1 -0\n`;

test("a clean tree has its commit", () => {
  expect(parseStatus(head)).toEqual({ commit: id, dirty: false, changed: [] });
});

test("a repository of SHA-256 has its longer commit", () => {
  const long = "ab".repeat(32);
  expect(parseStatus(`# branch.oid ${long}\n`)).toEqual({ commit: long, dirty: false, changed: [] });
});

test.each([
  ["changed", "recipes/a b.yaml", "1 .M N... 100644 100644 100644 aa bb recipes/a b.yaml\n"],
  ["renamed", "b", "2 R. N... 100644 100644 100644 aa bb R100 b\ta\n"],
  ["unmerged", "a", "u UU N... 100644 100644 100644 100644 aa bb cc a\n"],
  ["untracked", "new", "? new\n"],
])("a %s file makes it dirty and is named", (_what, path, line) => {
  expect(parseStatus(head + line)).toEqual({ commit: id, dirty: true, changed: [path] });
});

test("before the first commit there is none", () => {
  expect(parseStatus("# branch.oid (initial)\n# branch.head main\n? a\n")).toEqual({
    commit: null,
    dirty: true,
    changed: ["a"],
  });
});

test("a file whose name looks like the header is no commit", () => {
  expect(parseStatus(`# branch.oid (initial)\n? # branch.oid ${id}\n`).commit).toBeNull();
});
