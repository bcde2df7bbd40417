import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const home = resolve(import.meta.dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "nvlab-cli-boot-"));
const project = join(scratch, "board");

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function nvlab(...args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? "", HOME: scratch, NVLAB_CACHE_DIR: join(scratch, "cache") };
  return new Promise((done) => {
    execFile(join(home, "bin/nvlab"), ["--offline", ...args], { env, cwd: scratch }, (error, out, err) => {
      done({ status: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

/** Boots the new project's target, with what the repository has locked. */
const boot = (...args: readonly string[]): Promise<Ended> =>
  nvlab("-C", project, "boot", "--frozen", ...args);

beforeAll(async () => {
  await nvlab("init", "board");
  cpSync(join(home, "nvlab.lock"), join(project, "nvlab.lock"));
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test("boot --print gives the QEMU command of the project's own target, and runs nothing", async () => {
  const { status, out, err } = await boot("--print");
  expect({ status, err }).toEqual({ status: 0, err: "" });
  expect(out).toContain("qemu-system-riscv64");
  expect(out).toContain(`${join(project, "out/board")} /images`);
  expect(out).not.toContain("-append");
});

test("the words for the kernel are those of the person and those that start the tests", async () => {
  const { out } = await boot("--print", "--test", "--append", "quiet loglevel=4");
  expect(out).toContain("-append 'quiet loglevel=4 nvlab.test'");
  expect(out).toContain("-no-reboot");
});

test("boot --print --gdb has a socket for gdb and waits for it", async () => {
  const { out } = await boot("--print", "--gdb", "--json");
  expect(JSON.parse(out)).toMatchObject({ type: "result", ok: true });
  expect(out).toMatch(/-gdb .*gdb\.socket/);
});

test("images that were not built are named, with the command that builds them", async () => {
  const { status, err } = await boot();
  expect(status).toBe(1);
  expect(err).toContain(`${join(project, "out/board/fw_dynamic.bin")} is not there`);
  expect(err).toContain("nvlab build board");
});

test("a benchmark of images that were not built names them, and measures nothing", async () => {
  const { status, out, err } = await nvlab("-C", project, "lab", "bench", "--frozen", "--json");
  expect({ status, err: err.includes("NVLAB_BOOT") }).toEqual({ status: 1, err: true });
  const said = JSON.parse(out) as { ok: boolean; failures: { code: string; message: string }[] };
  expect(new Set(said.failures.map(({ code }) => code))).toEqual(new Set(["NVLAB_BOOT"]));
  expect(said.failures.map(({ message }) => message).join()).toContain("model/nvlink-model is not there");
  expect(existsSync(join(project, "out"))).toBe(false);
});

/** Runs a command on the project while its target is written otherwise. */
async function withTarget(change: (text: string) => string, ...args: string[]): Promise<Ended> {
  const recipe = join(project, "recipes/targets/board.yaml");
  const text = readFileSync(recipe, "utf8");
  writeFileSync(recipe, change(text));
  try {
    return await nvlab("-C", project, ...args, "--frozen");
  } finally {
    writeFileSync(recipe, text);
  }
}

test("a second machine is refused where no link leads to one", async () => {
  const { status, err } = await withTarget(
    (text) => text.replaceAll("host0", "gpu0"),
    ...["boot", "--print", "--peer"],
  );
  expect(err).toContain("NVLAB_USAGE: no controller of board has a link to another machine");
  expect(status).toBe(2);
});

test("a target that does not say how it is booted is refused, also for a benchmark", async () => {
  const withoutBoot = (text: string): string => text.slice(0, text.indexOf("\nboot:") + 1);
  for (const command of [
    ["boot", "--print"],
    ["lab", "bench"],
  ]) {
    const { status, err } = await withTarget(withoutBoot, ...command);
    expect(status).toBe(1);
    expect(err).toContain("the target board does not say how it is booted");
  }
});
