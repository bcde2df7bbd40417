import { expect, test } from "vitest";
import type { BootTestOutcome } from "../../../src/boot/boot-outcome.ts";
import { mergeOutcomes, withTroubles } from "../../../src/boot/merge-outcomes.ts";

const good: BootTestOutcome = {
  ending: { type: "tests-ended" },
  stages: [{ stage: "power-on", at: 0 }],
  results: {
    tests: [{ number: 1, name: "machines", status: "pass", diagnostics: [], children: [] }],
    problems: [],
  },
  wallMs: 5000,
  log: "/out/logs/boot.log",
  failures: [],
  troubles: [],
};
const trouble = { code: "NVLAB_BOOT", message: "It stuck." } as const;
const stuck: BootTestOutcome = {
  ...good,
  ending: { type: "timeout" },
  results: { tests: [], problems: ["no KTAP was printed"] },
  wallMs: 9000,
  log: "/out/logs/boot-b.log",
  failures: [trouble],
  troubles: [trouble],
};

test("the outcome of one machine is what it is", () => {
  expect(mergeOutcomes([{ name: "a", outcome: good }])).toBe(good);
});

test("of two machines each test and failure says whose it is, and the worse ending counts", () => {
  const merged = mergeOutcomes([
    { name: "a", outcome: good },
    { name: "b", outcome: stuck },
  ]);
  expect(merged.results.tests.map(({ name }) => name)).toEqual(["a: machines"]);
  expect(merged.results.problems).toEqual(["machine b: no KTAP was printed"]);
  expect(merged.failures).toEqual([{ code: "NVLAB_BOOT", message: "Machine b: It stuck." }]);
  expect(merged).toMatchObject({ ending: { type: "timeout" }, wallMs: 9000, log: stuck.log });
});

test("a model that died makes a boot with passing tests a failure", () => {
  const died = { code: "NVLAB_MODEL", message: "The model of nvlink0 was killed." } as const;
  const outcome = withTroubles(good, [died]);
  expect(outcome.failures).toEqual([died]);
  expect(outcome.troubles).toEqual([died]);
});
