import { expect, test } from "vitest";
import { archiveOf, builtNodes, miniature, readText, type Miniature } from "../../support/miniature.ts";

/** Builds a project that was spoilt, and gives back what a person would read. */
async function failing(spoil: (mini: Miniature) => void, archive?: Buffer) {
  const mini = await miniature(archive);
  try {
    spoil(mini);
    return await mini.run("build", "--no-frozen");
  } finally {
    await mini.close();
  }
}

const recipe = "recipes/components/mini.yaml";
const change = (from: string, to: string) => (mini: Miniature) => {
  const text = readText(mini.folder, recipe);
  if (!text.includes(from)) throw new Error(`the recipe has no ${from}`);
  mini.write({ [recipe]: text.replace(from, to) });
};

test("a compile error is shown with its file and line, and where to look closer", async () => {
  const run = await failing((mini) =>
    mini.write({ "patches/mini/files/hello.c": "int main(void)\n{\n\treturn nothing;\n}\n" }),
  );
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("NVLAB_STEP");
  expect(run.stderr).toMatch(/hello\.c:3:\d+: error: .nothing. undeclared/);
  expect(run.stderr).toContain("nvlab shell mini");
});

test("an output that was not made is a failure", async () => {
  const run = await failing(change("outputs: [hello.o]", "outputs: [hello.o, hello.elf]"));
  expect(run).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("did not make /out/hello.elf") as string,
  });
});

test("a patch that does not apply names patch, file and hunk", async () => {
  const patch =
    "--- a/hello.c\n+++ b/hello.c\n@@ -1,4 +1,4 @@\n int main(void)\n {\n-\treturn 7;\n+\treturn 8;\n }\n";
  const run = await failing((mini) => mini.write({ "patches/mini/0001-eight.patch": patch }));
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("patches/mini/0001-eight.patch");
  expect(run.stderr).toMatch(/hello\.c: hunk #1 of 1/);
});

test("a patch leaves the pristine source as it was", async () => {
  const patch =
    "--- a/hello.c\n+++ b/hello.c\n@@ -1,4 +1,4 @@\n int main(void)\n {\n-\treturn 0;\n+\treturn 8;\n }\n";
  const mini = await miniature();
  try {
    expect((await mini.run("build", "--no-frozen")).status).toBe(0);
    const plain = readText(mini.folder, "out/board/SHA256SUMS");
    mini.write({ "patches/mini/0001-eight.patch": patch });
    expect((await mini.run("build")).status).toBe(0);
    expect(readText(mini.folder, "out/board/SHA256SUMS")).not.toBe(plain);
    const { rmSync } = await import("node:fs");
    rmSync(`${mini.folder}/patches/mini/0001-eight.patch`);
    const again = await mini.run("--json", "build", "--rebuild", "mini");
    expect(builtNodes(again)).toContain("mini");
    expect(readText(mini.folder, "out/board/SHA256SUMS")).toBe(plain);
  } finally {
    await mini.close();
  }
});

test("an archive with names that lead outside its folder is refused", async () => {
  const hostile = await archiveOf({ "mini-1.0/x": "x" }, (path) => path.replace("x", "../../../escaped"));
  const run = await failing(() => undefined, hostile);
  expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining("NVLAB_ARCHIVE") as string });
});

test("bytes other than those the lock names are never used", async () => {
  const run = await failing(change('integrity: "sha256-', 'integrity: "sha256-AAAA'));
  expect(run.status).not.toBe(0);
  expect(run.stderr).toMatch(/NVLAB_(DIGEST|RESOLVE|DOWNLOAD|RECIPE)/);
});

test("a step has no network and sees nothing of the host", async () => {
  const probe =
    "make -C /src O=/obj\n      test ! -e /home && test ! -e /root && ! (exec 3<>/dev/tcp/127.0.0.1/22)";
  const mini = await miniature();
  try {
    change("make -C /src O=/obj", probe)(mini);
    expect((await mini.run("build", "--no-frozen")).status).toBe(0);
  } finally {
    await mini.close();
  }
});

test("a project without an nvlab.yaml says how to make one", async () => {
  const { nvlab } = await import("../../support/program.ts");
  const run = await nvlab(["-C", "/", "build"]);
  expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining("nvlab init") as string });
});
