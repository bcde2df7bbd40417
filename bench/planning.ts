#!/usr/bin/env -S npx tsx
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluatePlan } from "../src/build/evaluate.ts";
import { planTarget } from "../src/build/planner/plan-target.ts";
import type { Lock } from "../src/lock/lock.ts";
import { loadProject } from "../src/recipe/project.ts";
import { openStore } from "../src/store/store.ts";
import { row, wallSeconds } from "./measure.ts";

/** Loading, planning and evaluating a target of 1,000 generated components, each needing up to three others. */
const count = 1000;
const project = mkdtempSync(join(tmpdir(), "nvlab-plan-"));
const cache = join(project, ".cache");
const name = (index: number): string => `part-${String(index)}`;

try {
  for (const folder of ["recipes/components", "recipes/targets", "recipes/roots"]) {
    mkdirSync(join(project, folder), { recursive: true });
  }
  writeFileSync(join(project, "nvlab.yaml"), 'name: many\nversion: "1.0.0"\nextends: false\n');
  writeFileSync(
    join(project, "recipes/roots/build.yaml"),
    "name: build\nsuites: [trixie]\npackages: [make]\n",
  );
  for (let index = 0; index < count; index += 1) {
    const needs = [1, 7, 31].filter((back) => back <= index).map((back) => name(index - back));
    writeFileSync(
      join(project, "recipes/components", `${name(index)}.yaml`),
      `name: ${name(index)}\nversion: "1"\nlicense: MIT\nneeds: [${needs.join(", ")}]\nsteps:\n  - run: touch /out/done\noutputs: [done]\n`,
    );
  }
  writeFileSync(
    join(project, "recipes/targets/all.yaml"),
    `name: all\ncomponents: { ${name(count - 1)}: {} }\nartifacts: { done: { output: ${name(count - 1)}/done, kind: kernel } }\n`,
  );
  const lock: Lock = {
    lockVersion: 1,
    epoch: 0,
    sources: {},
    roots: { build: { recipe: "00".repeat(32), archiveTime: 0, packages: [] } },
  };
  const work = async () => {
    const loaded = await loadProject(project, project, cache);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failures.slice(0, 3)));
    const planned = planTarget({ project: loaded.value, lock, target: "all", overrides: new Map() });
    if (!planned.ok) throw new Error(JSON.stringify(planned.failures.slice(0, 3)));
    const store = openStore(cache, { clock: Date.now });
    const evaluation = { plan: planned.value.plan, sandboxPolicy: "1", rebuild: new Set<string>(), store };
    if (evaluatePlan(evaluation).size !== planned.value.plan.nodes.length)
      throw new Error("not all were evaluated");
  };
  console.log("| what | median | all |\n| --- | --- | --- |");
  console.log(row(`${String(count)} components, YAML read for the first time`, await wallSeconds(1, work)));
  console.log(row(`${String(count)} components again`, await wallSeconds(5, work)));
} finally {
  rmSync(project, { recursive: true, force: true });
}
