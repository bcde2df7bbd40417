import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leaves } from "../../../src/boot/ktap.ts";
import { parseKtap } from "../../../src/boot/parse-ktap.ts";
import { buildCheckedModel, fuzzTargets } from "./checked-model.ts";
import type { CheckedModel } from "./checked-model.ts";

let model: CheckedModel;

beforeAll(async () => {
  model = await buildCheckedModel();
});
afterAll(() => {
  rmSync(model.folder, { recursive: true, force: true });
});

test("every test of the model passes with the sanitizers watching", async () => {
  const { status, output } = await model.run("./model-test");
  const { tests, problems } = parseKtap(output.split("\n"));
  const failed = leaves(tests).filter((leaf) => leaf.test.status !== "pass");
  expect(failed.map((leaf) => [leaf.test.name, ...leaf.test.diagnostics])).toEqual([]);
  expect(problems).toEqual([]);
  expect(tests.length).toBeGreaterThan(140);
  expect(status, output).toBe(0);
});

test.each(fuzzTargets)(
  "seeded hostile input to %s neither stops the model nor breaks its memory",
  async (target) => {
    const { status, output } = await model.run(`./model-fuzz ${target} --seed 1 --runs 150`);
    expect(status, output).toBe(0);
    expect(output).toContain(`${target}: seed 1, 150 runs`);
  },
);
