import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtNodes, miniature, readText, type Miniature } from "../../support/miniature.ts";
import { writeFiles } from "../../support/project.ts";

let mini: Miniature;
beforeAll(async () => {
  mini = await miniature();
});
afterAll(() => mini.close());

const build = (...more: string[]) => mini.run("--json", "--verbose", "build", "--no-frozen", ...more);

test("a project is built from nothing: locked, fetched, compiled, collected, and verified", async () => {
  const built = await build();
  expect(built).toMatchObject({ status: 0 });
  expect(builtNodes(built)).toEqual(["mini/source", "mini/patched", "mini", "board.dtb"]);
  const manifest = JSON.parse(readText(mini.folder, "out/board/manifest.json")) as Record<string, unknown>;
  expect(manifest).toMatchObject({ target: "board", releaseVersion: "1.0.0", incremental: false });
  expect((await mini.run("verify", "out/board")).status).toBe(0);
});

test("a second build does nothing and touches nothing", async () => {
  const before = statSync(join(mini.folder, "out/board/hello.o"));
  const again = await build();
  expect(builtNodes(again)).toEqual([]);
  expect(statSync(join(mini.folder, "out/board/hello.o")).ctimeMs).toBe(before.ctimeMs);
});

test("a comment in a device tree overlay makes the device tree anew and nothing else", async () => {
  const path = "dts/extra.dtso";
  mini.write({ [path]: `/* a comment */\n${readText(mini.folder, path)}` });
  const before = readText(mini.folder, "out/board/manifest.json");
  expect(builtNodes(await build())).toEqual(["board.dtb"]);
  expect(readText(mini.folder, "out/board/manifest.json")).toBe(before);
});

test("`why` names the overlay file that changed, and that is what is built", async () => {
  mini.write({ "patches/mini/files/note.h": "#define NOTE 2\n" });
  const why = await mini.run("why", "mini");
  expect(why.stdout).toContain("the overlay file note.h changed");
  expect(builtNodes(await build())).toEqual(["mini/patched", "mini"]);
});

test("an image that was altered in the out folder is found by verify and put right by the next build", async () => {
  const path = join(mini.folder, "out/board/hello.o");
  chmodSync(path, 0o644);
  writeFileSync(path, "altered");
  const verified = await mini.run("verify", "out/board");
  expect(verified.status).toBe(1);
  expect(verified.stdout + verified.stderr).toContain("hello.o");
  expect(builtNodes(await build())).toEqual([]);
  expect((await mini.run("verify", "out/board")).status).toBe(0);
});

test("an entry of the store that was altered by hand is made anew, with a warning", async () => {
  const last = JSON.parse((await build()).stdout.trimEnd().split("\n").at(-1) ?? "{}") as {
    data: { nodes: { node: string; path: string }[] };
  };
  const path = join(last.data.nodes.find(({ node }) => node === "mini")?.path ?? "", "hello.o");
  chmodSync(path, 0o644);
  writeFileSync(path, "altered");
  const built = await build();
  expect(builtNodes(built)).toEqual(["mini"]);
  expect(built.stdout).toContain("was altered and is made anew");
});

test("a local tree takes the place of the pinned source, without what was built in it", async () => {
  const local = join(mini.folder, "local");
  mkdirSync(local);
  writeFiles(local, {
    "hello.c": "int main(void)\n{\n\treturn 1;\n}\n",
    Makefile: "all:\n\ttest ! -e stale.o\n\triscv64-linux-gnu-gcc -c -o $(O)/hello.o hello.c\n",
    ".gitignore": "*.o\n",
    "stale.o": "",
  });
  const { execFileSync } = await import("node:child_process");
  execFileSync("git", ["init", "-q"], { cwd: local });
  execFileSync("git", ["add", "-A"], { cwd: local });
  const built = await build("--source", `mini=${local}`);
  expect(built.status).toBe(0);
  expect(readText(mini.folder, "out/board/manifest.json")).toContain('"type": "local"');
});

test("a local tree that is not there is refused", async () => {
  const built = await mini.run("build", "--source", "mini=/nonexistent/tree");
  expect(built).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("NVLAB_SOURCE_OVERRIDE") as string,
  });
});

test("a frozen build does not change a lock that lacks something", async () => {
  const lock = join(mini.folder, "other.lock");
  copyFileSync(mini.lock, lock);
  mini.write({
    "recipes/components/mini.yaml": readText(mini.folder, "recipes/components/mini.yaml").replace(
      'track: "1.0"',
      'track: "1"',
    ),
  });
  const before = readText(lock);
  const built = await mini.run("--lock", lock, "build", "--frozen");
  expect(built).toMatchObject({ status: 1, stderr: expect.stringContaining("nvlab lock") as string });
  expect(readText(lock)).toBe(before);
  expect(existsSync(join(mini.folder, "out/board/manifest.json"))).toBe(true);
});

test("an incremental build keeps object files, is marked so, and never stands in for a clean one", async () => {
  const recipe = "recipes/components/mini.yaml";
  const text = readText(mini.folder, recipe).replace(
    "cp /obj/hello.o",
    "cat /obj/count || true; echo x >> /obj/count\n      cp /obj/hello.o",
  );
  mini.write({ [recipe]: text });
  const count = (run: { stdout: string }): number => run.stdout.match(/"line":"x"/g)?.length ?? 0;
  expect(builtNodes(await build("--incremental"))).toContain("mini");
  expect(readText(mini.folder, "out/board/manifest.json")).toContain('"incremental": true');
  mini.write({ "patches/mini/files/note.h": "#define NOTE 3\n" });
  expect(count(await build("--incremental"))).toBe(1);
  const clean = await build();
  expect(builtNodes(clean)).toContain("mini");
  expect(count(clean)).toBe(0);
  expect(readText(mini.folder, "out/board/manifest.json")).toContain('"incremental": false');
});
