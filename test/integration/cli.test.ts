import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checksumsName } from "../../src/release/known-files.ts";
import { loadProject } from "../../src/recipe/project.ts";

const home = resolve(import.meta.dirname, "../..");
const nvlab = join(home, "bin/nvlab");
const scratch = mkdtempSync(join(tmpdir(), "nvlab-cli-"));
const cache = join(scratch, "cache");

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function run(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? "", HOME: scratch, NVLAB_CACHE_DIR: cache, ...environment };
  return new Promise((done) => {
    execFile(file, args, { env, cwd: scratch }, (error, out, err) => {
      done({ status: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

beforeAll(async () => {
  // Compiled before the tests, so that none of them sees that line.
  await run(nvlab, ["--version"]);
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test("a new project is valid, extends the shipped recipes and has a target of its own", async () => {
  const { status, out, err } = await run(nvlab, ["init", "my-board"]);
  expect({ status, out }).toEqual({ status: 0, out: "" });
  expect(err).toContain("next: cd my-board && nvlab build");
  const project = await loadProject(join(scratch, "my-board"), home, cache);
  if (!project.ok) throw new Error(JSON.stringify(project.failures));
  const { targets, components, file, layers } = project.value;
  expect(file.value["default-target"]).toBe("my-board");
  expect([...targets.keys()]).toEqual(expect.arrayContaining(["qemu-virt", "my-board"]));
  const own = targets.get("my-board")?.value;
  const shipped = targets.get("qemu-virt")?.value;
  expect(Object.keys(own?.components ?? {})).toEqual(Object.keys(shipped?.components ?? {}));
  expect(JSON.stringify(own?.images)).toContain("dts/my-board.dtso");
  const linux = components.get("linux")?.recipe;
  expect(JSON.stringify(linux?.steps)).toContain("kernel-configs/my-board.config");
  expect(linux?.patches).toContain("patches/my-board-linux");
  for (const path of ["dts/my-board.dtso", "kernel-configs/my-board.config"])
    expect(layers.file(path)).toBeDefined();
});

test("a project is not made over files that are there, and none of them is touched", async () => {
  const folder = join(scratch, "taken");
  mkdirSync(folder);
  writeFileSync(join(folder, "nvlab.yaml"), "mine\n");
  const { status, err } = await run(nvlab, ["-C", folder, "init", "--name", "board"]);
  expect(status).toBe(2);
  expect(err).toContain("nothing was written\n  | nvlab.yaml");
  expect(readdirSync(folder)).toEqual(["nvlab.yaml"]);
  expect(readFileSync(join(folder, "nvlab.yaml"), "utf8")).toBe("mine\n");
});

test("a folder whose name cannot be a project's asks for --name", async () => {
  const { status, err } = await run(nvlab, ["init", "My Board!"]);
  expect(status).toBe(2);
  expect(err).toContain("give one with --name");
});

test("clean removes what nvlab wrote, keeps what it did not, and says so", async () => {
  await run(nvlab, ["init", "cleaned"]);
  const out = join(scratch, "cleaned/out/cleaned");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "notes.txt"), "mine");
  const first = await run(nvlab, ["-C", "cleaned", "clean"]);
  expect(first).toMatchObject({ status: 0, out: "" });
  expect(first.err).toContain("nothing of nvlab's in");
  expect(first.err).toContain("kept notes.txt");
  writeFileSync(join(out, "manifest.json"), JSON.stringify({ schemaVersion: 1, artifacts: [] }));
  writeFileSync(join(out, checksumsName), "");
  mkdirSync(join(out, "logs"));
  const second = await run(nvlab, ["-C", "cleaned", "clean", "--json"]);
  expect(JSON.parse(second.out)).toEqual({
    out,
    removed: [checksumsName, "logs/", "manifest.json"],
    kept: ["notes.txt"],
  });
  expect(readdirSync(out)).toEqual(["notes.txt"]);
  rmSync(join(out, "notes.txt"));
  writeFileSync(join(out, "manifest.json"), JSON.stringify({ schemaVersion: 1, artifacts: [] }));
  await run(nvlab, ["-C", "cleaned", "clean"]);
  expect(existsSync(out)).toBe(false);
});

test("clean takes the name of a target and never a path", async () => {
  await run(nvlab, ["init", "guarded"]);
  const { status, err } = await run(nvlab, ["-C", "guarded", "clean", "../../x"]);
  expect(status).toBe(2);
  expect(err).toContain("'../../x' is not the name of a target");
});

test("verify ends with 1 and names the fault of a folder that is no release", async () => {
  const { status, out } = await run(nvlab, ["verify", scratch]);
  expect(status).toBe(1);
  expect(out).toContain("manifest.json: is not there");
  const json = await run(nvlab, ["verify", scratch, "--json"]);
  expect(JSON.parse(json.out)).toMatchObject({ ok: false, faults: [{ kind: "manifest-missing" }] });
  expect((await run(nvlab, ["verify", join(scratch, "not-there")])).status).toBe(2);
});

test("doctor tells of every check in a table and as JSON", async () => {
  const mirror = join(scratch, "mirror");
  mkdirSync(join(mirror, "dists/trixie"), { recursive: true });
  writeFileSync(join(mirror, "dists/trixie/InRelease"), "");
  const args = ["doctor", "--debian-mirror", `file://${mirror}`];
  const table = await run(nvlab, args);
  expect(table.out).toMatch(/^ok +node +\d+\.\d+\.\d+$/m);
  expect(table.out).toContain(`file://${mirror} answers`);
  const { checks } = JSON.parse((await run(nvlab, [...args, "--json"])).out) as {
    checks: { name: string; state: string }[];
  };
  expect(checks.map((check) => check.name)).toContain("sandbox");
  const fails = checks.some((check) => check.state === "fail");
  expect(table.status).toBe(fails ? 1 : 0);
});

test("doctor ends with 1 and the command that mends it where something needed is missing", async () => {
  const { status, out } = await run(nvlab, ["doctor", "--debian-mirror", `file://${scratch}/no-mirror`]);
  expect(status).toBe(1);
  expect(out).toMatch(/^fail +debian mirror/m);
  expect(out).toContain("to mend:\n  debian mirror: ");
});

test("what nobody reads on is no failure", async () => {
  const { status, err } = await run("bash", ["-o", "pipefail", "-c", `${nvlab} completion bash | head -1`]);
  expect(err).toBe("");
  expect(status).toBe(0);
});

/** What bash offers for a line, the last word being completed. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const script = `
    source <(${nvlab} completion bash)
    COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    compopt() { :; }
    _nvlab; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { out, err } = await run("bash", ["-c", script, "bash", ...words]);
  expect(err).toBe("");
  return out.split("\n").filter((word) => word !== "");
}

test("bash completes commands, options, choices, targets and components", async () => {
  expect(await offered(nvlab, "b")).toEqual(["build", "boot"]);
  expect(await offered(nvlab, "build", "--fr")).toEqual(["--frozen"]);
  expect(await offered(nvlab, "--json", "build", "--cache")).toEqual(["--cache-dir"]);
  expect(await offered(nvlab, "graph", "--format", "")).toEqual(["mermaid", "dot", "json"]);
  expect(await offered(nvlab, "completion", "z")).toEqual(["zsh"]);
  expect(await offered(nvlab, "build", "qemu")).toEqual(["qemu-virt", "qemu-virt-debug"]);
  expect(await offered(nvlab, "build", "--component", "opensbi", "lin")).toEqual(["linux"]);
  expect(await offered(nvlab, "--cache-dir", cache, "why", "linux", "qemu")).toEqual([
    "qemu-virt",
    "qemu-virt-debug",
  ]);
  expect(await offered(nvlab, "show", "qemu")).toEqual(["qemu-virt", "qemu-virt-debug"]);
});

test.each(["zsh", "fish"] as const)("the script for %s names every command", async (shell) => {
  const { status, out } = await run(nvlab, ["completion", shell]);
  expect(status).toBe(0);
  for (const command of ["build", "boot", "verify", "doctor"]) expect(out).toContain(command);
  expect(out).not.toContain("__complete'");
  const checked = await run(shell, ["-n", "-c", out]);
  // Only where that shell is there does it read the script itself.
  if (!checked.err.includes("ENOENT") && checked.status !== -1) expect(checked.err).toBe("");
});
