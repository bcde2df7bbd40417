import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReproduceReport } from "../../../src/reproduce/report.ts";
import { fixedInside, variationNames, type VariationName } from "../../../src/reproduce/variation.ts";
import { leakyProject, type Leaky } from "../../support/leaky.ts";
import type { ProgramRun } from "../../support/program.ts";

let leaky: Leaky;
beforeAll(async () => {
  leaky = leakyProject();
  const built = await leaky.run("build");
  expect(built.status, built.stderr).toBe(0);
});
afterAll(() => {
  leaky.close();
});

function reportOf({ stdout, stderr }: ProgramRun): ReproduceReport {
  const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}") as { data?: ReproduceReport };
  if (!last.data) throw new Error(stdout + stderr);
  return last.data;
}

const once = (vary: string): Promise<ProgramRun> =>
  leaky.run("--json", "reproduce", "--once", "--vary", vary);

function stateOf({ variations }: ReproduceReport, name: string, place: string): string | undefined {
  return variations.find((one) => one.name === name && one.place === place)?.state;
}

/** A machine with one CPU can only say so. */
const possible = variationNames.filter((name) => name !== "num_cpus" || availableParallelism() > 1);

test("a rebuild that varies nothing finds no difference, even of a build that leaks everything", async () => {
  const run = await once("-all");
  const report = reportOf(run);
  expect(report.differences).toEqual([]);
  expect(run.status).toBe(0);
  const inside = report.variations.filter(({ place }) => place === "inside");
  expect(inside.filter(({ state }) => state === "varied")).toEqual([]);
});

describe("each variation alone is applied inside the sandbox, caught, and told from all others", () => {
  test.each(possible)("%s", async (name) => {
    const run = await once(`-all,+${name},+inside-fixed`);
    const report = reportOf(run);
    expect(stateOf(report, name, "inside")).toBe("varied");
    expect(report.differences.map(({ path }) => path)).toEqual([name]);
    expect(report.differences[0]).toMatchObject({ component: "leaky", origins: ["leaky"] });
    expect(run.status).toBe(1);
  });
});

describe("all variations at once, on a build that leaks", () => {
  let report: ReproduceReport;
  let text: string;
  beforeAll(async () => {
    report = reportOf(await leaky.run("--json", "reproduce"));
    const shown = await leaky.run("reproduce", "--once");
    text = shown.stdout;
    expect(shown.status).toBe(1);
  });

  test("every one is varied outside, and inside all that the sandbox does not hold fixed", () => {
    for (const name of possible) {
      expect([name, stateOf(report, name, "outside")]).toEqual([name, "varied"]);
      expect([name, stateOf(report, name, "inside")]).toEqual([
        name,
        fixedInside.has(name) ? "held-fixed" : "varied",
      ]);
    }
  });

  test("every leak of what varies is caught, and none of what is held fixed", () => {
    const caught = report.differences.map(({ path }) => path);
    expect(caught.sort()).toEqual(possible.filter((name) => !fixedInside.has(name)).sort());
  });

  test("the likely cause of each is named, with what mends it", () => {
    const causes: Partial<Record<VariationName, RegExp>> = {
      kernel: /kernel/,
      time: /date or time/,
      fileordering: /an order/,
      locales: /an order/,
      timezone: /time zone/,
      umask: /umask/,
      ...(availableParallelism() > 1 && { num_cpus: /number of CPUs/ }),
    };
    for (const [name, cause] of Object.entries(causes)) {
      const found = report.differences.find(({ path }) => path === name)?.causes[0];
      expect(found?.cause).toMatch(cause);
      expect(found?.remedy).not.toBe("");
    }
  });

  test("diffoscope shows the first differences, and the table says held fixed", () => {
    expect(report.differences.some(({ diffoscope }) => diffoscope.length > 0)).toBe(true);
    expect(text).toMatch(/│ @@ /);
    expect(text).toMatch(/home .*held fixed: \/tmp/);
    expect(text).toMatch(/likely a date or time/);
  });
});
