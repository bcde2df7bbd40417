import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildCheckedModel, fuzzTargets } from "../integration/model/checked-model.ts";
import type { CheckedModel } from "../integration/model/checked-model.ts";

const runs = 50_000;

let model: CheckedModel;

beforeAll(async () => {
  model = await buildCheckedModel();
});
afterAll(() => {
  rmSync(model.folder, { recursive: true, force: true });
});

/** Another seed each time; a failure prints the one that shows it again. */
test.each(fuzzTargets)("%s withstands fifty thousand hostile inputs of a new seed", async (target) => {
  const seed = Date.now();
  const { status, output } = await model.run(`./model-fuzz ${target} --seed ${seed} --runs ${runs}`);
  expect(status, output).toBe(0);
  expect(output).toContain(`${target}: seed ${seed}, ${runs} runs`);
});
