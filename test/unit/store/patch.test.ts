import { describe, expect, test } from "vitest";
import { parsePatch } from "../../../src/store/parse-patch.ts";
import { explainPatchFailure, patchedPaths } from "../../../src/store/patch.ts";

const text = `From: someone
Subject: two files

--- a note that is no header
---
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,3 +1,3 @@
 a
-B
+bb
 c
@@ -8,3 +8,3 @@
 h
--- foo
+++ bar
 j
diff --git a/drivers/nope.c b/drivers/nope.c
--- a/drivers/nope.c
+++ b/drivers/nope.c
@@ -1,2 +1,2 @@
 a
-B
+bb
`;

describe("the files that a patch names", () => {
  test("are those of its headers, without the first folder", () => {
    expect(patchedPaths(text)).toEqual(["x", "drivers/nope.c"]);
  });

  test("do not include lines of a hunk that look like headers", () => {
    expect(patchedPaths(text)).not.toContain("bar");
    expect(parsePatch(text)[0]?.hunks).toEqual([{ line: 9 }, { line: 14 }]);
  });

  test("leave out /dev/null of files that are made or deleted", () => {
    const patch =
      "--- /dev/null\t1970-01-01\n+++ b/new file.c\t2024-01-01\n@@ -0,0 +1 @@\n+x\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
    expect(patchedPaths(patch)).toEqual(["new file.c", "old"]);
  });

  test("hold both names of a rename or copy, and those of a mere change of mode", () => {
    const patch = [
      "diff --git a/old name b/new",
      "similarity index 100%",
      "rename from old name",
      "rename to new",
      "diff --git a/run.sh b/run.sh",
      "old mode 100644",
      "new mode 100755",
      "",
    ].join("\n");
    expect(patchedPaths(patch)).toEqual(expect.arrayContaining(["old name", "new", "run.sh"]));
  });

  test("are read from quotes with escapes", () => {
    const patch = '--- "a/na\\303\\244me\\t\\"x\\""\n+++ "b/na\\303\\244me\\t\\"x\\""\n@@ -1 +1 @@\n-a\n+b\n';
    expect(patchedPaths(patch)).toEqual(['naäme\t"x"']);
  });

  test("of several patches in one file without git headers are all found", () => {
    const one = (name: string): string =>
      `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n`;
    expect(patchedPaths(one("p") + one("q"))).toEqual(["p", "q"]);
  });
});

describe("what patch printed becomes failures", () => {
  const explain = (output: string, patch = text): ReturnType<typeof explainPatchFailure> =>
    explainPatchFailure({ path: "patches/linux/0001.patch", text: patch }, output);

  test("a failed hunk is named with its number and its line in the patch file", () => {
    const [failure, ...more] = explain(
      "patching file x\nHunk #2 FAILED at 8.\n1 out of 2 hunks FAILED -- saving rejects to file x.rej\n",
    );
    expect(more).toEqual([]);
    expect(failure).toMatchObject({
      code: "NVLAB_PATCH",
      at: { file: "patches/linux/0001.patch", line: 14, column: 1 },
    });
    expect(failure?.message).toBe("patches/linux/0001.patch does not apply to x: hunk #2 of 2 failed");
  });

  test("several failed hunks of a file make one failure that lists them", () => {
    const [failure] = explain(
      "patching file x\nHunk #1 FAILED at 1.\nHunk #2 FAILED at 8.\n2 out of 2 hunks FAILED\n",
    );
    expect(failure?.message).toContain("hunks #1, #2 of 2");
    expect(failure?.details).toEqual([
      expect.stringContaining("0001.patch:9:1"),
      expect.stringContaining("0001.patch:14:1"),
    ]);
  });

  test("each file that was refused has a failure of its own", () => {
    const failures = explain(
      "patching file x\nHunk #1 FAILED at 1.\n1 out of 2 hunks FAILED\ncan't find file to patch at input line 22\nPerhaps you used the wrong -p or --strip option?\n",
    );
    expect(failures).toHaveLength(2);
    expect(failures[1]).toMatchObject({ at: { line: 19 } });
    expect(failures[1]?.message).toContain("drivers/nope.c is not in the source tree");
  });

  test("a change that is there already is said to be applied", () => {
    const [failure] = explain(
      "patching file x\nReversed (or previously applied) patch detected!  Skipping patch.\n1 out of 1 hunk ignored\n",
    );
    expect(failure?.message).toContain("x is changed already");
    expect(failure?.hint).toContain("drop the patch");
  });

  test("a file that the patch would make, or delete, is named", () => {
    expect(
      explain("The next patch would create the file x,\nwhich already exists!  Skipping patch.\n")[0]
        ?.message,
    ).toContain("x exists already");
    expect(
      explain("The next patch would delete the file x,\nwhich does not exist!  Skipping patch.\n")[0]
        ?.message,
    ).toContain("x is not there");
  });

  test("a malformed patch is pointed at by its line", () => {
    const [failure] = explain("patching file x\npatch: **** malformed patch at line 12: zz\n");
    expect(failure).toMatchObject({ at: { line: 12 }, message: "patches/linux/0001.patch is malformed" });
  });

  test("a text that is no patch is refused by what patch said", () => {
    expect(
      explain("patch: **** Only garbage was found in the patch input.\n", "hello")[0]?.message,
    ).toContain("Only garbage");
  });

  test("a name with blanks is matched though patch quotes it", () => {
    const patch = "--- a/my file\n+++ b/my file\n@@ -1 +1 @@\n-a\n+b\n";
    expect(explain("patching file 'my file'\nHunk #1 FAILED at 1.\n", patch)[0]).toMatchObject({
      at: { line: 3 },
    });
  });

  test("output that is not understood is shown", () => {
    expect(explain("something else\n")[0]).toMatchObject({
      code: "NVLAB_PATCH",
      details: ["something else"],
    });
  });
});
