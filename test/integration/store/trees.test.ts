import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { breakLinks, linkTree } from "../../../src/store/link-tree.ts";
import { overlayFiles } from "../../../src/store/overlay.ts";
import { explainPatchFailure, patchedPaths } from "../../../src/store/patch.ts";
import { unsafePath } from "../../../src/store/tree-path.ts";
import { fill, temporaryFolder, valueOf } from "./cache.ts";

let folder: string;
let pristine: string;
let tree: string;

beforeEach(async () => {
  folder = realpathSync(temporaryFolder());
  [pristine, tree] = [join(folder, "pristine"), join(folder, "tree")];
  fill(pristine, { Makefile: "all:\n", "drivers/x.c": "a\nb\nc\n", "scripts/run.sh": "#!/bin/sh\n" });
  chmodSync(join(pristine, "scripts/run.sh"), 0o755);
  symlinkSync("drivers", join(pristine, "short"));
  for (const path of ["Makefile", "drivers/x.c", "drivers"]) utimesSync(join(pristine, path), 1000, 1000.5);
  valueOf(await linkTree(pristine, tree));
});

describe("a tree made by links", () => {
  test("shares its files, keeps times and modes, and copies links", () => {
    expect(statSync(join(tree, "drivers/x.c")).ino).toBe(statSync(join(pristine, "drivers/x.c")).ino);
    expect(statSync(join(tree, "drivers")).mtimeMs).toBe(1_000_500);
    expect(statSync(join(tree, "scripts/run.sh")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(tree, "short"))).toBe("drivers");
    expect(lstatSync(join(tree, "short")).mtimeMs).toBeCloseTo(lstatSync(join(pristine, "short")).mtimeMs, 1);
  });

  test("of something that is not there is a failure", async () => {
    expect(await linkTree(join(folder, "none"), join(folder, "to"))).toMatchObject({ ok: false });
  });
});

describe("overlay files", () => {
  test("replace files without writing to the pristine tree, and keep their own times", async () => {
    fill(folder, { "project/x.c": "mine\n" });
    utimesSync(join(folder, "project/x.c"), 2000, 2000);
    const from = join(folder, "project/x.c");
    const files = [
      { to: "drivers/x.c", from, executable: false },
      { to: "drivers/new/tool", from, executable: true },
    ];
    valueOf(await overlayFiles(tree, files));
    expect(readFileSync(join(tree, "drivers/x.c"), "utf8")).toBe("mine\n");
    expect(readFileSync(join(pristine, "drivers/x.c"), "utf8")).toBe("a\nb\nc\n");
    expect(statSync(join(tree, "drivers/x.c")).mtimeMs).toBe(2_000_000);
    expect(statSync(join(tree, "drivers/new/tool")).mode & 0o777).toBe(0o755);
    expect(statSync(join(pristine, "drivers")).mtimeMs).toBe(1_000_500);
    expect(readdirSync(join(tree, "drivers")).sort()).toEqual(["new", "x.c"]);
  });

  test("replace a link, and do not write through it", async () => {
    fill(folder, { "outside/secret": "kept", mine: "new" });
    symlinkSync(join(folder, "outside/secret"), join(tree, "away"));
    valueOf(await overlayFiles(tree, [{ to: "away", from: join(folder, "mine"), executable: false }]));
    expect(readFileSync(join(folder, "outside/secret"), "utf8")).toBe("kept");
    expect(readFileSync(join(tree, "away"), "utf8")).toBe("new");
  });

  test.each([
    ["../evil", "leads outside"],
    ["/evil", "not relative"],
    ["a/../../evil", "leads outside"],
    ["short/x.c", "goes through short, which is a link"],
    ["Makefile/x", "goes through Makefile, which is no folder"],
    ["drivers", "is a folder there"],
    ["", "not relative"],
  ])("for %j are refused, and nothing is written", async (to, why) => {
    fill(folder, { mine: "new" });
    const from = join(folder, "mine");
    const laid = await overlayFiles(tree, [
      { to: "first", from, executable: false },
      { to, from, executable: false },
    ]);
    expect(laid).toMatchObject({ ok: false, failures: [{ code: "NVLAB_PATCH" }] });
    expect(JSON.stringify(laid)).toContain(why);
    expect(existsSync(join(tree, "first"))).toBe(false);
    expect(existsSync(join(folder, "evil"))).toBe(false);
  });

  test("whatever their names, never land outside the tree", () => {
    const part = fc.constantFrom("..", ".", "", "a", "short", "drivers", "x.c", "~", "\\");
    mkdirSync(join(tree, "a"));
    symlinkSync("../..", join(tree, "a/up"));
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.constant("up")), { maxLength: 6 }), (parts) => {
        const path = parts.join("/");
        if (unsafePath(tree, path) !== undefined) return;
        expect(join(tree, path).startsWith(`${tree}/`)).toBe(true);
        const parent = dirname(join(tree, path));
        if (existsSync(parent)) expect(realpathSync(parent)).toBe(parent);
      }),
    );
  });
});

describe("a patch applied to a tree of links", () => {
  const patchText = "--- a/drivers/x.c\n+++ b/drivers/x.c\n@@ -1,3 +1,3 @@\n a\n-b\n+patched\n c\n";
  const apply = (text: string): { status: number | null; output: string } => {
    const args = [
      "-p1",
      "--fuzz=0",
      "--forward",
      "--batch",
      "--no-backup-if-mismatch",
      `--directory=${tree}`,
    ];
    const { status, stdout, stderr } = spawnSync("patch", args, { input: text, encoding: "utf8" });
    return { status, output: `${stdout}${stderr}` };
  };
  const hasPatch = spawnSync("patch", ["--version"]).status === 0;

  test("breaks the links of the files it names, and only these", async () => {
    valueOf(
      await breakLinks(tree, [...patchedPaths(patchText), "../pristine/Makefile", "short/x.c", "none"]),
    );
    writeFileSync(join(tree, "drivers/x.c"), "other\n");
    expect(readFileSync(join(pristine, "drivers/x.c"), "utf8")).toBe("a\nb\nc\n");
    expect(statSync(join(tree, "Makefile")).ino).toBe(statSync(join(pristine, "Makefile")).ino);
    expect(statSync(join(pristine, "Makefile")).nlink).toBe(2);
  });

  test.runIf(hasPatch)("leaves the pristine tree as it was", async () => {
    valueOf(await breakLinks(tree, patchedPaths(patchText)));
    expect(apply(patchText).status).toBe(0);
    expect(readFileSync(join(tree, "drivers/x.c"), "utf8")).toBe("a\npatched\nc\n");
    expect(readFileSync(join(pristine, "drivers/x.c"), "utf8")).toBe("a\nb\nc\n");
  });

  test.runIf(hasPatch)("that does not fit is explained from what patch really prints", () => {
    const { status, output } = apply(patchText.replace("-b", "-z"));
    expect(status).toBe(1);
    const [failure] = explainPatchFailure({ path: "p.patch", text: patchText.replace("-b", "-z") }, output);
    expect(failure).toMatchObject({ at: { file: "p.patch", line: 3, column: 1 } });
    expect(failure?.message).toBe("p.patch does not apply to drivers/x.c: hunk #1 of 1 failed");
  });

  test.runIf(hasPatch)("for a file that is not there is explained too", () => {
    const text = patchText.replaceAll("x.c", "gone.c");
    expect(explainPatchFailure({ path: "p.patch", text }, apply(text).output)[0]?.message).toContain(
      "drivers/gone.c is not in the source tree",
    );
  });
});
