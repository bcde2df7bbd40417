import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archiveOf, miniature, readText, type Miniature } from "../../support/miniature.ts";
import { home, nvlab, type ProgramRun } from "../../support/program.ts";

/** A component with a licence text, whose program is linked statically. */
const source = {
  "mini-1.0/hello.c": "int main(void)\n{\n\treturn 0;\n}\n",
  "mini-1.0/Makefile": "all:\n\triscv64-linux-gnu-gcc -static -o $(O)/hello hello.c\n",
  "mini-1.0/COPYING": "Do what you like.\n",
};

let mini: Miniature;
let keys: string;

function git(...args: string[]): string {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "commit.gpgsign=false",
  ];
  return execFileSync("git", ["-C", mini.folder, ...identity, ...args], { encoding: "utf8" });
}

function commit(files: Readonly<Record<string, string>>): void {
  mini.write(files);
  git("add", "-A");
  git("commit", "-q", "--allow-empty", "-m", "A change");
}

beforeAll(async () => {
  mini = await miniature(await archiveOf(source));
  keys = mkdtempSync(join(tmpdir(), "nvlab-keys-"));
  mkdirSync(join(mini.folder, "recipes/roots"), { recursive: true });
  copyFileSync(join(home, "recipes/roots/build.yaml"), join(mini.folder, "recipes/roots/build.yaml"));
  mini.write({
    "nvlab.yaml": 'name: mini\nversion: "1.0.0"\nextends: false\ndefault-target: board\n',
    ".gitignore": "out/\nreleases/\n",
    "LICENSES/MIT.txt": "The MIT licence.\n",
    "recipes/components/mini.yaml": readText(mini.folder, "recipes/components/mini.yaml")
      .replace(
        "cp /obj/hello.o /out/hello.o",
        "cp /obj/hello /out/hello\n      echo hello.c > /out/compiled-files",
      )
      .replace("outputs: [hello.o]", "outputs: [hello, compiled-files]"),
    "recipes/targets/board.yaml": readText(mini.folder, "recipes/targets/board.yaml").replace(
      "hello.o: { output: mini/hello.o, kind: kernel }",
      "hello: { output: mini/hello, kind: kernel }",
    ),
  });
  const built = await mini.run("build", "--no-frozen");
  if (built.status !== 0) throw new Error(built.stderr);
  git("init", "-q");
  commit({});
  const made = await nvlab(["keygen", "--out", join(keys, "release")]);
  if (made.status !== 0) throw new Error(made.stderr);
});
afterAll(async () => {
  rmSync(keys, { recursive: true, force: true });
  await mini.close();
});

const release = (...more: string[]): Promise<ProgramRun> => mini.run("--json", "release", ...more);
const signed = (): Promise<ProgramRun> => release("--key", join(keys, "release.key"));
const folder = (): string => join(mini.folder, "releases/1.0.0/board");
const archive = (): string => join(mini.folder, "releases/1.0.0/mini-1.0.0-board.tar.gz");

function dataOf({ stdout }: ProgramRun): { repeated: boolean; archive: { sha256: string } } {
  const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}") as {
    data: { repeated: boolean; archive: { sha256: string } };
  };
  return last.data;
}

test("a committed project becomes a signed release that verifies, with all that describes it", async () => {
  const made = await signed();
  expect(made).toMatchObject({ status: 0 });
  expect((await nvlab(["verify", folder()])).status).toBe(0);
  const verified = await nvlab([
    "verify",
    folder(),
    "--key",
    join(keys, "release.pub.pem"),
    "--target",
    "board",
  ]);
  expect(verified).toMatchObject({ status: 0 });
  const manifest = JSON.parse(readText(folder(), "manifest.json")) as {
    documents: { path: string; kind: string }[];
  };
  expect(manifest.documents.map(({ kind, path }) => `${kind} ${path}`)).toEqual(
    expect.arrayContaining([
      "licence licenses/README.md",
      "licence licenses/mini/COPYING",
      "licence licenses/mini/LICENSES/MIT.txt",
      "lock nvlab.lock",
      "provenance provenance.intoto.json",
      "sbom sbom.cdx.json",
    ]),
  );
  expect(
    execFileSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: folder(), encoding: "utf8" }),
  ).toBe("");
});

test("its SBOM knows what was linked into the program and what was compiled", () => {
  const sbom = JSON.parse(readText(folder(), "sbom.cdx.json")) as {
    components: { name: string; type: string; purl?: string; components?: { name: string }[] }[];
  };
  const libraries = sbom.components.filter(({ type }) => type === "library").map(({ purl }) => purl);
  expect(libraries).toEqual([
    expect.stringMatching(/^pkg:deb\/debian\/gcc-\d+@[^?]+\?arch=source&distro=trixie$/),
    expect.stringMatching(/^pkg:deb\/debian\/glibc@[^?]+\?arch=source&distro=trixie$/),
  ]);
  expect(sbom.components.find(({ name }) => name === "mini")?.components).toEqual([
    { type: "file", name: "hello.c" },
  ]);
  const table = readText(folder(), "licenses/README.md");
  expect(table).toMatch(/\| glibc \| \S+ \| LGPL-2.1-or-later \| \[copyright\]/);
});

test("made again it is the same, whether it is still there or not", async () => {
  const before = readFileSync(archive());
  const again = dataOf(await signed());
  expect(again.repeated).toBe(true);
  expect(readFileSync(archive()).equals(before)).toBe(true);
  rmSync(join(mini.folder, "releases"), { recursive: true });
  const anew = dataOf(await signed());
  expect(anew).toMatchObject({ repeated: false, archive: { sha256: again.archive.sha256 } });
  expect(readFileSync(archive()).equals(before)).toBe(true);
});

test("what a killed release left is cleared away, and nothing else is beside the release", async () => {
  // The name of a process that was on another boot of the machine.
  const left = ".nvlab-999999-1-0123456789ab-1-0123456789ab.tmp";
  mkdirSync(join(mini.folder, "releases/1.0.0", left, "board"), { recursive: true });
  expect((await signed()).status).toBe(0);
  expect(readdirSync(join(mini.folder, "releases/1.0.0")).sort()).toEqual([
    "board",
    "mini-1.0.0-board.tar.gz",
  ]);
});

test("a file that is not committed is refused before anything is built, and named", async () => {
  mini.write({ "recipes/components/extra.txt": "not committed" });
  const refused = await release();
  expect(refused.status).toBe(1);
  expect(refused.stdout).toContain("NVLAB_RELEASE_DIRTY");
  expect(refused.stdout).toContain("recipes/components/extra.txt");
  rmSync(join(mini.folder, "recipes/components/extra.txt"));
});

test("a local tree in place of a source is refused", async () => {
  const local = mkdtempSync(join(tmpdir(), "nvlab-local-"));
  writeFileSync(join(local, "hello.c"), "int main(void) { return 1; }\n");
  const refused = await release("--source", `mini=${local}`);
  rmSync(local, { recursive: true });
  expect(refused.status, refused.stdout).toBe(1);
  expect(refused.stdout).toContain("NVLAB_RELEASE_SOURCE");
});

test("a version that was released is not released again with other bytes, and the first one stays", async () => {
  const before = readText(folder(), "manifest.json");
  commit({ "dts/board.dts": '/dts-v1/;\n/ { compatible = "other"; uart: serial { }; };\n' });
  const refused = await release();
  expect(refused.status).toBe(1);
  expect(refused.stdout).toContain("NVLAB_RELEASE_EXISTS");
  expect(readText(folder(), "manifest.json")).toBe(before);
  const next = await release("--release-version", "1.0.1-rc.1");
  expect(next.status).toBe(0);
  expect(existsSync(join(mini.folder, "releases/1.0.1-rc.1/board/manifest.json"))).toBe(true);
});

test("a key that signs later gives the archive its signatures", async () => {
  const place = join(mini.folder, "releases/1.0.1-rc.1/board");
  const packed = join(mini.folder, "releases/1.0.1-rc.1/mini-1.0.1-rc.1-board.tar.gz");
  const before = readFileSync(packed);
  const made = await mini.run("sign", place, "--key", join(keys, "release.key"));
  expect(made).toMatchObject({ status: 0 });
  expect(readFileSync(packed).equals(before)).toBe(false);
  expect(execFileSync("tar", ["-tzf", packed], { encoding: "utf8" })).toContain(
    "mini-1.0.1-rc.1-board/manifest.json.minisig",
  );
});
