import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home } from "../support/program.ts";
import { complaintsIn, driverOptions, styleTree, type StyleTree } from "../support/style-tree.ts";

/** checkpatch's complaints that are not heeded, with the reason. */
const ignored = {
  // MAINTAINERS names people and lists, which this driver would get with its submission.
  FILE_PATH_CHANGES: "a new folder is listed in MAINTAINERS when it is submitted",
  // A sign-off is a person's statement. Here the commits of the project say who wrote what.
  MISSING_SIGN_OFF: "a person signs when the patch is submitted",
};

/** Milliseconds for what looks at every file: seconds where nothing else runs. */
const patience = 600_000;

let tree: StyleTree;
beforeAll(async () => {
  tree = await styleTree();
});
afterAll(() => {
  tree.close();
});

/** Files as they lie in /obj/tree: those of the kernel at their places in its tree, and the module from outside. */
function sources(pattern: RegExp): string[] {
  const below = (path: string): string[] =>
    readdirSync(join(home, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => relative(join(home, path), join(entry.parentPath, entry.name)));
  return [
    ...below("patches/linux/files"),
    ...below("vendor/nvlink-dmatest").map((path) => `nvlink-dmatest/${path}`),
  ].sort();
}

const checkpatch = `perl /obj/kernel/scripts/checkpatch.pl --strict --no-tree --no-summary --terse --color=never \\
  --ignore=${Object.keys(ignored).join(",")}`;

test("our kernel sources pass checkpatch --strict", { timeout: patience }, async () => {
  const files = sources(/\.[ch]$|^Makefile$|^Kconfig$/);
  expect(files).toContain("include/uapi/linux/nvlink.h");
  expect(await tree.run("check", `cd /obj/tree; ${checkpatch} -f ${files.join(" ")}`)).toEqual({
    status: 0,
    printed: "",
  });
});

test("our patches to the kernel pass checkpatch --strict", async () => {
  expect(await tree.run("check", `${checkpatch} patches/linux/*.patch`)).toEqual({ status: 0, printed: "" });
});

test("checkpatch sees what is wrong, so that its silence says something", async () => {
  const { status, printed } = await tree.run(
    "check",
    `printf '%s\\n' '// SPDX-License-Identifier: GPL-2.0-only' 'int f( void ){return 1 ;}' > /tmp/bad.c
${checkpatch} -f /tmp/bad.c`,
  );
  expect(status).toBe(1);
  expect(printed).toContain("space prohibited after that open parenthesis");
});

test("the kernel-doc comments of our sources are complete", async () => {
  const documented = `python3 /obj/kernel/scripts/kernel-doc.py -none -Wall ${sources(/\.[ch]$/).join(" ")}`;
  expect(await tree.run("check", `cd /obj/tree; ${documented}`)).toEqual({ status: 0, printed: "" });
});

test("sparse sees what gcc does not, so that its silence says something", { timeout: patience }, async () => {
  tree.write("planted/Makefile", "obj-m := planted.o\n");
  const source = '#include <linux/module.h>\nstatic void *planted __used = 0;\nMODULE_LICENSE("GPL");\n';
  tree.write("planted/planted.c", source);
  const { status, printed } = await tree.compile("planted", "", true);
  expect(status).not.toBe(0);
  expect(printed).toContain("Using plain integer as NULL pointer");
});

// sparse needs half a minute for a file on a busy machine: over the whole driver it runs in the nightly tests.
test.each([
  ["the driver compiles without a warning of gcc (W=1)", "nvlink", driverOptions, false],
  ["the module from outside compiles without one of gcc and sparse", "nvlink-dmatest", "", true],
])("%s", { timeout: patience }, async (_what, name, options, sparse) => {
  const { status, printed } = await tree.compile(name, options, sparse);
  expect(complaintsIn(printed)).toEqual([]);
  expect(status, printed).toBe(0);
});
