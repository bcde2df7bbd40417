import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nvlab, testLock } from "../support/program.ts";

interface Test {
  readonly name: string;
  readonly status: string;
  readonly children: readonly Test[];
}

let folder: string;

/** Boots the debug kernel for some tests; their results by name. */
async function boot(tests: string, ...more: string[]): Promise<ReadonlyMap<string, Test>> {
  const run = await nvlab([
    ...["--lock", testLock(), "boot", "qemu-virt-debug", "--no-frozen", "--out", folder],
    ...["--test", tests, "--timeout", "3h", ...more],
  ]);
  expect(run.status, `${more.join(" ")}\n${run.stdout}${run.stderr}`).toBe(0);
  const text = readFileSync(join(folder, "test-results.json"), "utf8");
  const results = JSON.parse(text) as { readonly tests: readonly Test[] };
  return new Map(results.tests.map((one) => [one.name, one]));
}

const leaves = ({ status, children }: Test): string[] =>
  children.length > 0 ? children.flatMap(leaves) : [status];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-debug-"));
  const built = await nvlab([
    ...["--lock", testLock(), "build", "qemu-virt-debug", "--no-frozen", "--out", folder],
  ]);
  expect(built.status, built.stderr).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("every test of the image passes on a kernel that checks itself, and so do the driver's unit tests", async () => {
  const results = await boot("all");
  for (const name of ["kunit", "vendor-module", "leaks", "nvlink-fuzz", "dmesg"]) {
    expect(results.get(name)?.status, name).toBe("pass");
  }
  const kunit = results.get("kunit");
  expect(kunit && leaves(kunit).filter((status) => status === "pass").length).toBeGreaterThan(10);
});

/** Another seed each time; a failure shows the one that repeats it. */
test.each([1, 2, 3])(
  "random calls of a new seed are found neither by KASAN nor by lockdep (round %i)",
  async (round) => {
    const seed = `nvlab.seed=${Date.now() + round}`;
    const results = await boot("nvlink-fuzz,nvlink-random,nvlink-random-calls,leaks,dmesg", "--append", seed);
    expect([...results.values()].map(({ name, status }) => `${name}: ${status}`)).toEqual([
      "nvlink-fuzz: pass",
      "nvlink-random: pass",
      "nvlink-random-calls: pass",
      "leaks: pass",
      "dmesg: pass",
    ]);
  },
);
