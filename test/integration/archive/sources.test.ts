import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archiveOf, miniature, readText, type Miniature } from "../../support/miniature.ts";
import type { ProgramRun } from "../../support/program.ts";
import { writeFiles } from "../../support/project.ts";

let mini: Miniature;
let work: string;

const git = (...args: string[]): string =>
  execFileSync("git", ["-C", mini.folder, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args])
    .toString()
    .trim();

/** Offline: source packages of linked libraries are a hundred megabytes, and none of what is tested here. */
const sources = (...args: string[]): Promise<ProgramRun> =>
  mini.run("--offline", "--json", "sources", ...args);
const resultOf = ({ stdout }: ProgramRun): Record<string, unknown> =>
  JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
const failureOf = (run: ProgramRun): { code: string; message: string; details?: string[] } => {
  const { failures } = resultOf(run) as {
    failures?: { code: string; message: string; details?: string[] }[];
  };
  return failures?.[0] ?? { code: "none", message: run.stderr };
};

beforeAll(async () => {
  mini = await miniature(
    await archiveOf({
      "mini-1.0/hello.c": "int main(void)\n{\n\treturn 0;\n}\n",
      "mini-1.0/Makefile": "all:\n\triscv64-linux-gnu-gcc -Wall -Werror -c -o $(O)/hello.o hello.c\n",
      "mini-1.0/COPYING": "The licence of mini\n",
      "mini-1.0/lib/LICENSE.txt": "The licence of its library\n",
      "mini-1.0/licence.c": "int licence;\n",
    }),
  );
  work = mkdtempSync(join(tmpdir(), "nvlab-sources-"));
  mini.write({
    "patches/mini/0001-say-more.patch": `--- a/hello.c\n+++ b/hello.c\n@@ -1,4 +1,4 @@\n int main(void)\n {\n-\treturn 0;\n+\treturn 1;\n }\n`,
    LICENSE: "The licence of the project\n",
    ".gitignore": "out/\n",
  });
  // Locks the source: the commit has the lock that the release is built from.
  const fetched = await mini.run("fetch", "board", "--no-frozen");
  expect(fetched.status, fetched.stderr).toBe(0);
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  const built = await mini.run("build", "board", "--no-frozen");
  expect(built.status, built.stderr).toBe(0);
});
afterAll(async () => {
  await mini.close();
  rmSync(work, { recursive: true, force: true });
});

const sha256Of = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

test("the bundle has sources, changes, recipes, licences and instructions, and its digests agree", async () => {
  const folder = join(work, "bundle");
  const run = await sources("out/board", "--out", folder);
  expect(run.status, run.stderr).toBe(0);
  expect(execFileSync("sha256sum", ["--quiet", "-c", "SHA256SUMS"], { cwd: folder }).toString()).toBe("");
  expect(readText(folder, "licenses/mini/COPYING")).toBe("The licence of mini\n");
  expect(readText(folder, "licenses/mini/lib/LICENSE.txt")).toBe("The licence of its library\n");
  expect(existsSync(join(folder, "licenses/mini/licence.c"))).toBe(false);
  expect(readText(folder, "licenses/project-mini/LICENSE")).toBe("The licence of the project\n");
  expect(readText(folder, "project/patches/mini/0001-say-more.patch")).toContain("return 1;");
  expect(readText(folder, "project/patches/mini/files/note.h")).toBe("#define NOTE 1\n");
  expect(readText(folder, "project/recipes/components/mini.yaml")).toContain("name: mini");
  expect(readText(folder, "project/dts/board.dts")).toContain("/dts-v1/");
  expect(readText(folder, "nvlab/recipes/roots/build.yaml")).toContain("name: build");
  expect(readText(folder, "manifest.json")).toBe(readText(mini.folder, "out/board/manifest.json"));
  const build = readText(folder, "BUILD.md");
  expect(build).toContain("make -C /src O=/obj");
  expect(build).toContain("`patches/mini/0001-say-more.patch`");
  const table = readText(folder, "licenses.csv");
  expect(table).toMatch(/^mini,1\.0,component,MIT,sources\/mini\/mini-1\.0\.tar\.gz,/m);
  const manifest = JSON.parse(readText(folder, "manifest.json")) as {
    components: { name: string; sources: { integrity: string }[] }[];
  };
  const integrity = manifest.components.find(({ name }) => name === "mini")?.sources[0]?.integrity ?? "";
  const archive = join(folder, "sources/mini/mini-1.0.tar.gz");
  expect(`sha256-${Buffer.from(sha256Of(archive), "hex").toString("base64")}`).toBe(integrity);
});

test("a library whose source package is not to be had is named in the README, the table and the result", async () => {
  const folder = join(work, "lacking");
  const run = await sources("out/board", "--out", folder);
  const { data } = resultOf(run) as { data: { lacking: { name: string; version: string }[] } };
  expect(data.lacking.map(({ name }) => name)).toContain("glibc");
  const { version } = data.lacking.find(({ name }) => name === "glibc") ?? { version: "none" };
  expect(readText(folder, "README.md")).toContain(
    `source package glibc ${version}: the network may not be used`,
  );
  expect(readText(folder, "licenses.csv")).toContain(`no source package glibc ${version}`);
  expect(readText(folder, "README.md")).toContain("There was no SBOM");
  expect(existsSync(join(folder, `licenses/glibc-${version}/copyright`))).toBe(true);
});

test("the archive has the same bytes when it is made again, and unpacks to the folder", async () => {
  const [first, second] = [join(work, "one/bundle"), join(work, "two/bundle")];
  for (const folder of [first, second]) expect((await sources("out/board", "--out", folder)).status).toBe(0);
  const name = "mini-1.0.0-board-sources";
  const [one, two] = [join(work, `one/${name}.tar.gz`), join(work, `two/${name}.tar.gz`)];
  expect(sha256Of(one)).toBe(sha256Of(two));
  execFileSync("tar", ["-xf", one, "-C", work]);
  expect(execFileSync("diff", ["-r", join(work, name), first]).toString()).toBe("");
});

test("the commit of the release is what counts, not what is checked out", async () => {
  mini.write({ "patches/mini/files/note.h": "#define NOTE 2\n" });
  try {
    const folder = join(work, "commit");
    const run = await sources("out/board", "--out", folder);
    expect(run.status, run.stderr).toBe(0);
    expect(readText(folder, "project/patches/mini/files/note.h")).toBe("#define NOTE 1\n");
  } finally {
    mini.write({ "patches/mini/files/note.h": "#define NOTE 1\n" });
  }
});

test("a project that git does not have at that commit is compared as it is, and each difference is named", async () => {
  const elsewhere = join(work, "elsewhere");
  cpSync(mini.folder, elsewhere, { recursive: true, filter: (path) => !path.endsWith("/.git") });
  writeFiles(elsewhere, { "patches/mini/files/note.h": "#define NOTE 3\n" });
  rmSync(join(elsewhere, "patches/mini/0001-say-more.patch"));
  const run = await mini.run(
    "-C",
    elsewhere,
    "--offline",
    "--json",
    "sources",
    "out/board",
    "--out",
    join(work, "no"),
  );
  expect(run.status).toBe(1);
  expect(failureOf(run)).toMatchObject({
    code: "NVLAB_SOURCES",
    details: [
      "mini: patch patches/mini/0001-say-more.patch is not in the project",
      "mini: overlay file note.h has other bytes",
    ],
  });
  expect(existsSync(join(work, "no"))).toBe(false);
});

test("a release that does not verify is refused with its faults", async () => {
  const altered = join(work, "altered");
  cpSync(join(mini.folder, "out/board"), altered, { recursive: true });
  writeFileSync(join(altered, "board.dtb"), "other");
  const run = await sources(altered, "--out", join(work, "no"));
  expect(run.status).toBe(1);
  const failure = failureOf(run);
  expect(failure.code).toBe("NVLAB_SOURCES");
  expect(failure.details?.join("\n")).toContain("board.dtb: ");
});

test("a component that is left out is in no folder, and the table says so", async () => {
  const folder = join(work, "left-out");
  expect((await sources("out/board", "--out", folder, "--leave-out", "mini")).status).toBe(0);
  expect(existsSync(join(folder, "sources"))).toBe(false);
  expect(existsSync(join(folder, "project/recipes/components/mini.yaml"))).toBe(false);
  expect(existsSync(join(folder, "licenses/mini"))).toBe(false);
  expect(readText(folder, "licenses.csv")).toContain("left out on request");
  const wrong = await sources("out/board", "--leave-out", "minni");
  expect(failureOf(wrong)).toMatchObject({ code: "NVLAB_USAGE" });
});

test("a folder with other things in it is not overwritten", async () => {
  const folder = join(work, "letters");
  writeFiles(folder, { "letter.txt": "dear" });
  const run = await sources("out/board", "--out", folder);
  expect(failureOf(run)).toMatchObject({ code: "NVLAB_OUT" });
  expect(readText(folder, "letter.txt")).toBe("dear");
});

test("a release that was built from a local tree is refused: nothing pins its source", async () => {
  const tree = join(work, "tree");
  execFileSync("mkdir", ["-p", tree]);
  writeFiles(tree, {
    "hello.c": "int main(void)\n{\n\treturn 0;\n}\n",
    Makefile: "all:\n\triscv64-linux-gnu-gcc -c -o $(O)/hello.o hello.c\n",
  });
  const out = join(work, "local");
  const built = await mini.run("build", "board", "--source", `mini=${tree}`, "--out", out);
  expect(built.status, built.stderr).toBe(0);
  expect(failureOf(await sources(out, "--out", join(work, "no")))).toMatchObject({
    code: "NVLAB_SOURCES",
    details: ["mini: main"],
  });
});
