import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { LocalSource } from "../../../src/plan/node.ts";
import { materialiseLocal, scanLocalSource, type ScanOptions } from "../../../src/store/local-source.ts";
import { fill, temporaryFolder, valueOf } from "./cache.ts";

const later = (): number => Date.now() + 3_600_000;
let folder: string;
let source: string;
let cacheDir: string;

function git(...args: readonly string[]): void {
  const who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"];
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
  execFileSync("git", [...who, "-C", source, ...args], { stdio: "ignore", env });
}

const scan = (changes: Partial<ScanOptions> = {}): ReturnType<typeof scanLocalSource> =>
  scanLocalSource(source, { cacheDir, clock: later, ...changes });
const scanned = async (): Promise<LocalSource> => valueOf(await scan());

beforeEach(() => {
  folder = temporaryFolder();
  [source, cacheDir] = [join(folder, "source"), join(folder, "cache")];
  fill(source, { Makefile: "all:\n", "src/a.c": "int a;\n", ".gitignore": "*.o\n/build/\n" });
});

describe("a local git tree", () => {
  beforeEach(() => {
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "first");
  });

  test("is what git tracks, with modified and untracked files, without ignored ones and .git", async () => {
    const before = await scanned();
    expect(before.files).toEqual([".gitignore", "Makefile", "src/a.c"]);
    fill(source, { "src/a.o": "object", "build/vmlinux": "elf" });
    expect(await scanned()).toEqual(before);
    fill(source, { "src/b.c": "int b;\n" });
    appendFileSync(join(source, "src/a.c"), "int c;\n");
    const after = await scanned();
    expect(after.files).toEqual([".gitignore", "Makefile", "src/a.c", "src/b.c"]);
    expect(after.sha256).not.toBe(before.sha256);
  });

  test("has no files that were deleted", async () => {
    rmSync(join(source, "src/a.c"));
    expect((await scanned()).files).toEqual([".gitignore", "Makefile"]);
    fill(source, { "src/a.c/inner": "a folder now" });
    expect((await scanned()).files).toEqual([".gitignore", "Makefile", "src/a.c/inner"]);
  });

  test("changes with content, executable bit and target of a link, and not with times", async () => {
    symlinkSync("Makefile", join(source, "link"));
    const digests = [(await scanned()).sha256];
    utimesSync(join(source, "Makefile"), 5, 5);
    expect((await scanned()).sha256).toBe(digests[0]);
    chmodSync(join(source, "Makefile"), 0o755);
    digests.push((await scanned()).sha256);
    rmSync(join(source, "link"));
    symlinkSync("src", join(source, "link"));
    digests.push((await scanned()).sha256);
    writeFileSync(join(source, "src/a.c"), "int b;\n");
    digests.push((await scanned()).sha256);
    expect(new Set(digests).size).toBe(4);
  });

  test("includes what is in submodules and other clones in it", async () => {
    const inner = join(folder, "inner");
    fill(inner, { "lib.c": "lib", ".gitignore": "*.o" });
    const outer = source;
    source = inner;
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "inner");
    source = outer;
    git("submodule", "add", "-q", inner, "sub");
    execFileSync("cp", ["-a", inner, join(source, "clone")]);
    fill(source, { "sub/untracked.c": "new", "sub/x.o": "ignored" });
    expect((await scanned()).files).toEqual([
      ...[".gitignore", ".gitmodules", "Makefile", "clone/.gitignore", "clone/lib.c", "src/a.c"],
      ...["sub/.gitignore", "sub/lib.c", "sub/untracked.c"],
    ]);
  });

  test("may be a folder below the top of the repository", async () => {
    const found = valueOf(await scanLocalSource(join(source, "src"), { cacheDir, clock: later }));
    expect(found.files).toEqual(["a.c"]);
  });

  test("may be ignored by the repository around it: then all of it counts", async () => {
    fill(source, { "build/tree/x.c": "1", "build/tree/y.o": "2" });
    const found = valueOf(await scanLocalSource(join(source, "build/tree"), { cacheDir, clock: later }));
    expect(found.files).toEqual(["x.c", "y.o"]);
  });

  test("is not disturbed by the variables of a git hook", async () => {
    const environment = {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      GIT_DIR: "/nowhere",
      GIT_INDEX_FILE: "/nowhere/index",
    };
    expect(valueOf(await scan({ environment })).files).toHaveLength(3);
  });

  test.runIf(process.getuid?.() === 0)("may belong to somebody else", async () => {
    for (const path of ["", ".git", "Makefile"]) chownSync(join(source, path), 12345, 12345);
    expect((await scanned()).files).toHaveLength(3);
  });

  test("without git installed is a failure that says so", async () => {
    const result = await scan({ environment: { PATH: "/nowhere" } });
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_SOURCE_OVERRIDE" }] });
    expect(JSON.stringify(result)).toContain("install git");
  });

  test("with a broken index is a failure with git's own words", async () => {
    writeFileSync(join(source, ".git/index"), "broken");
    const result = await scan();
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_SOURCE_OVERRIDE" }] });
    expect(JSON.stringify(result)).toContain("index");
  });
});

describe("a second scan", () => {
  const cacheFile = (): string => {
    const stat = join(cacheDir, "work/stat");
    return join(stat, readdirSync(stat)[0] ?? "");
  };

  test("does not read what did not change", async () => {
    const first = await scanned();
    const text = readFileSync(cacheFile(), "utf8");
    const forged = text.replaceAll(/"[0-9a-f]{64}"/g, `"${"0".repeat(64)}"`);
    writeFileSync(cacheFile(), forged);
    expect((await scanned()).sha256).not.toBe(first.sha256);
    writeFileSync(cacheFile(), text);
    expect(await scanned()).toEqual(first);
  });

  test("reads again what was changed just before the first one", async () => {
    await scan({ clock: Date.now });
    expect(readFileSync(cacheFile(), "utf8")).toContain('"rows":[]');
  });

  test("does without a damaged cache", async () => {
    const first = await scanned();
    writeFileSync(cacheFile(), '{"rows":[["Makefile",[1,2]]]}');
    expect(await scanned()).toEqual(first);
    writeFileSync(cacheFile(), "{");
    expect(await scanned()).toEqual(first);
  });
});

describe("a local folder without git", () => {
  test("is all that is in it", async () => {
    fill(source, { "x.o": "1" });
    expect((await scanned()).files).toEqual([".gitignore", "Makefile", "src/a.c", "x.o"]);
  });

  test.each([
    ["that is not there", () => renameSync(source, `${source}.away`), "is not there"],
    [
      "that is a file",
      () => {
        rmSync(source, { recursive: true });
        writeFileSync(source, "");
      },
      "is no folder",
    ],
    [
      "that is empty",
      () => {
        rmSync(source, { recursive: true });
        mkdirSync(source);
      },
      "has no files",
    ],
    ["with a name of two lines", () => writeFileSync(join(source, "a\nb"), ""), "no plain UTF-8 line"],
  ])("%s is a failure", async (_, make, why) => {
    make();
    const result = await scan();
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_SOURCE_OVERRIDE" }] });
    expect(JSON.stringify(result)).toContain(why);
  });

  test("stops when interrupted", async () => {
    fill(source, { big: "x".repeat(50 << 20) });
    const result = await scan({ signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
  });
});

describe("a copy of a local source", () => {
  test("has its files with times and executable bits, and its links", async () => {
    chmodSync(join(source, "Makefile"), 0o700);
    utimesSync(join(source, "Makefile"), 1000, 1000);
    symlinkSync("src/a.c", join(source, "link"));
    const to = join(folder, "copy");
    valueOf(await materialiseLocal(await scanned(), to, () => scan()));
    expect(readFileSync(join(to, "src/a.c"), "utf8")).toBe("int a;\n");
    expect(statSync(join(to, "Makefile"))).toMatchObject({ mtimeMs: 1_000_000 });
    expect(statSync(join(to, "Makefile")).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(to, "link")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(to, "link"))).toBe("src/a.c");
    source = to;
    expect((await scanned()).sha256).toBe(
      valueOf(await scanLocalSource(join(folder, "source"), { cacheDir })).sha256,
    );
  });

  test("of a tree that changes meanwhile is a failure", async () => {
    const before = await scanned();
    writeFileSync(join(source, "src/a.c"), "int changed;\n");
    const copied = await materialiseLocal(before, join(folder, "copy"), () => scan());
    expect(copied).toMatchObject({ ok: false, failures: [{ code: "NVLAB_SOURCE_OVERRIDE" }] });
    rmSync(join(source, "src/a.c"));
    const gone = await materialiseLocal(before, join(folder, "copy2"));
    expect(JSON.stringify(gone)).toContain("src/a.c is gone");
  });
});
