import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "nvlab-launcher-"));
const isRoot = process.getuid?.() === 0;
const nobody = 65534;

/** Instead of npm: does what it is told by a script, so that no test needs the network. */
function fakeNpm(name: string, script: string): string {
  const bin = join(scratch, name);
  mkdirSync(bin);
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
}

let count = 0;

/** What a clone has, without node_modules unless it is asked for. */
function clone(options: { installed?: boolean } = {}): string {
  const folder = join(scratch, `clone-${String(count++)}`);
  mkdirSync(folder);
  for (const name of ["bin", "build.mjs", "package.json", "package-lock.json", "tsconfig.json"]) {
    cpSync(join(repository, name), join(folder, name), { recursive: true });
  }
  // A program that is quickly compiled and says which one it is.
  mkdirSync(join(folder, "src"));
  writeProgram(folder, "first");
  if (options.installed === true) symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function writeProgram(folder: string, word: string): void {
  const text = `export async function main(home: string) { console.log("${word}", home, process.argv.slice(2).join(" ")); }\n`;
  writeFileSync(join(folder, "src/main.ts"), text);
}

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function run(
  file: string,
  options: { args?: string[]; path?: string; cache?: string; user?: number } = {},
): Promise<Ended> {
  const environment = {
    PATH: `${options.path === undefined ? "" : `${options.path}:`}${process.env.PATH ?? ""}`,
    HOME: join(scratch, "home"),
    NVLAB_CACHE_DIR: options.cache ?? join(scratch, "cache"),
  };
  const identity = options.user === undefined ? {} : { uid: options.user, gid: options.user };
  return new Promise((done) => {
    const args = [file, ...(options.args ?? ["hello"])];
    execFile(process.execPath, args, { env: environment, cwd: "/", ...identity }, (error, out, err) => {
      done({ status: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

beforeAll(() => {
  chmodSync(scratch, 0o755);
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test("a clone compiles itself once, says so in one line, and runs in the same process", async () => {
  const folder = clone({ installed: true });
  const first = await run(join(folder, "bin/nvlab"));
  expect(first).toEqual({ status: 0, out: `first ${folder} hello\n`, err: "nvlab: compiling itself\n" });
  expect(await run(join(folder, "bin/nvlab"))).toMatchObject({ err: "" });
});

test("a bare clone installs its packages by `npm ci --ignore-scripts` first", async () => {
  const folder = clone();
  const npm = fakeNpm(
    "npm-installs",
    `rm -r node_modules; echo "$@" >> ../npm-called; ln -s ${repository}/node_modules node_modules`,
  );
  const { status, err } = await run(join(folder, "bin/nvlab"), { path: npm });
  expect(status).toBe(0);
  expect(err).toBe("nvlab: installing its npm packages\nnvlab: compiling itself\n");
  expect(readFileSync(join(scratch, "npm-called"), "utf8")).toMatch(/^ci --ignore-scripts /);
});

test("a source that changed is compiled anew, one that was only touched is not", async () => {
  const folder = clone({ installed: true });
  await run(join(folder, "bin/nvlab"));
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(folder, "src/main.ts"), later, later);
  expect(await run(join(folder, "bin/nvlab"))).toMatchObject({ out: `first ${folder} hello\n`, err: "" });
  writeProgram(folder, "other");
  expect(await run(join(folder, "bin/nvlab"))).toMatchObject({
    out: `other ${folder} hello\n`,
    err: "nvlab: compiling itself\n",
  });
});

test("a source that came or went is compiled anew", async () => {
  const folder = clone({ installed: true });
  await run(join(folder, "bin/nvlab"));
  writeFileSync(join(folder, "src/more.ts"), "export {};\n");
  expect((await run(join(folder, "bin/nvlab"))).err).toBe("nvlab: compiling itself\n");
  rmSync(join(folder, "src/more.ts"));
  expect((await run(join(folder, "bin/nvlab"))).err).toBe("nvlab: compiling itself\n");
});

test("two at once compile once and both run", async () => {
  const folder = clone({ installed: true });
  const both = await Promise.all([run(join(folder, "bin/nvlab")), run(join(folder, "bin/nvlab"))]);
  expect(both.map(({ status }) => status)).toEqual([0, 0]);
  expect(both.map(({ out }) => out)).toEqual([`first ${folder} hello\n`, `first ${folder} hello\n`]);
  expect(both.flatMap(({ err }) => err.match(/compiling itself/g) ?? [])).toHaveLength(1);
  expect(readdirSync(join(folder, "dist"))).not.toContain("lock");
});

test("the lock of a compiler that was killed is set aside", async () => {
  const folder = clone({ installed: true });
  const killed = spawn(process.execPath, ["-e", ""]);
  await new Promise((done) => killed.once("exit", done));
  const { hostname } = await import("node:os");
  mkdirSync(join(folder, "dist"));
  writeFileSync(join(folder, "dist/lock"), `${hostname()} ${String(killed.pid)} 12345`);
  expect(await run(join(folder, "bin/nvlab"))).toMatchObject({ status: 0, err: "nvlab: compiling itself\n" });
});

test("it works through a link, as npm link makes one", async () => {
  const folder = clone({ installed: true });
  const link = join(scratch, "nvlab-link");
  symlinkSync(join(folder, "bin/nvlab"), link);
  expect(await run(link)).toMatchObject({ status: 0, out: `first ${folder} hello\n` });
});

test("what npm installed runs as it was shipped, whatever the times of its files", async () => {
  const folder = clone({ installed: true });
  await run(join(folder, "bin/nvlab"));
  rmSync(join(folder, "node_modules"));
  rmSync(join(folder, "package-lock.json"));
  writeProgram(folder, "other");
  expect(await run(join(folder, "bin/nvlab"))).toEqual({
    status: 0,
    out: `first ${folder} hello\n`,
    err: "",
  });
});

test("an npm that fails ends with 1 and a sentence that says what to do, and nothing is left half done", async () => {
  const folder = clone();
  const npm = fakeNpm("npm-fails", "echo 'npm error network' >&2; exit 1");
  const { status, out, err } = await run(join(folder, "bin/nvlab"), { path: npm });
  expect(status).toBe(1);
  expect(out).toBe("");
  expect(err).toContain("npm error network\nnvlab: `npm ci` failed in");
  expect(err).toContain("is the npm registry reachable?");
  expect(existsSync(join(folder, "dist/main.js"))).toBe(false);
});

test("a source with a mistake in it ends with 1 and the compiler's words", async () => {
  const folder = clone({ installed: true });
  writeFileSync(join(folder, "src/main.ts"), "export const = 1;\n");
  const { status, err } = await run(join(folder, "bin/nvlab"));
  expect(status).toBe(1);
  expect(err).toContain("src/main.ts:1:13");
  expect(err).toContain("could not be compiled");
});

test("a Node that is too old is refused with the version that is needed", async () => {
  const folder = clone({ installed: true });
  const script = join(folder, "old.cjs");
  writeFileSync(
    script,
    `Object.defineProperty(process.versions, "node", { value: "18.19.1" });\nrequire("./bin/nvlab");\n`,
  );
  writeFileSync(join(folder, "package.json"), "{}");
  const { status, err } = await run(script);
  expect(status).toBe(2);
  expect(err).toContain("nvlab needs Node 20.19 or newer, and this is Node 18.19.1");
});

test("the launcher's first file parses on a Node of long ago", () => {
  const text = readFileSync(join(repository, "bin/nvlab"), "utf8");
  expect(text).not.toMatch(/=>|\bconst\b|\blet\b|`|\?\.|\?\?|\basync\b|\bimport\b/);
});

test.runIf(isRoot)("a clone that cannot be written is compiled into the cache", async () => {
  const folder = clone();
  const home = join(scratch, "home-of-nobody");
  mkdirSync(home);
  chownSync(home, nobody, nobody);
  const npm = fakeNpm("npm-for-nobody", `rm -r node_modules; ln -s ${repository}/node_modules node_modules`);
  const options = { path: npm, cache: home, user: nobody };
  const first = await run(join(folder, "bin/nvlab"), options);
  expect(first.err).toMatch(
    /installing its npm packages\nnvlab: compiling itself into .*home-of-nobody\/program\/[0-9a-f]+\n$/,
  );
  expect(first).toMatchObject({ status: 0, out: `first ${folder} hello\n` });
  expect(existsSync(join(folder, "dist"))).toBe(false);
  expect(await run(join(folder, "bin/nvlab"), options)).toMatchObject({ status: 0, err: "" });
  writeProgram(folder, "other");
  expect((await run(join(folder, "bin/nvlab"), options)).out).toBe(`other ${folder} hello\n`);
});

test.runIf(isRoot)("what root makes in somebody's clone belongs to that person", async () => {
  const folder = clone({ installed: true });
  chownSync(folder, nobody, nobody);
  await run(join(folder, "bin/nvlab"));
  expect(lstatSync(join(folder, "dist/main.js")).uid).toBe(nobody);
});
