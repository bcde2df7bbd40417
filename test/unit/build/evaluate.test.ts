import { expect, test } from "vitest";
import { evaluatePlan, workFor, type Evaluation, type Lookup } from "../../../src/build/evaluate.ts";
import type { PlanNode, ScriptNode } from "../../../src/plan/node.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import type { Entry } from "../../../src/store/entry.ts";
import { digestOf } from "../../../src/store/output-digest.ts";

const script = (id: string, text: string, inputs: ScriptNode["inputs"]): ScriptNode => ({
  kind: "build",
  id,
  component: id,
  root: "build",
  environment: {},
  script: text,
  inputs,
  files: [],
  texts: {},
  outputs: ["file"],
});

const source: PlanNode = {
  kind: "source",
  id: "lib/source",
  component: "lib",
  root: "build",
  strip: 1,
  origin: { type: "local", directory: "/lib", sha256: "ab".repeat(32), files: [] },
};

const plan = (libScript = "make"): Plan => ({
  target: "board",
  epoch: 1,
  nodes: [
    source,
    script("lib", libScript, [{ at: "/src", node: "lib/source" }]),
    script("app", "cp", [{ at: "/in/lib/file", node: "lib", path: "file" }]),
  ],
  artifacts: [],
  roots: { build: "digest of the root" },
});

function entryOf(fingerprint: string, content: string, path = "file"): Entry {
  const file = { path, type: "file", sha256: content, executable: false } as const;
  return {
    entryVersion: 1,
    fingerprint,
    node: "",
    component: "",
    output: content,
    files: [{ ...file, size: 1, mtimeMs: 1, ctimeMs: 1, inode: 1 }],
    folders: [],
    signature: {},
    report: { wallMs: 0, cpuMs: 0, peakBytes: 0, lines: 0 },
  };
}

function storeOf(entries = new Map<string, Entry>(), altered = new Set<string>()): Lookup {
  return {
    digestOf,
    lookup: (fingerprint) => {
      const entry = entries.get(fingerprint);
      if (altered.has(fingerprint)) return { state: "altered" };
      return entry ? { state: "hit", entry } : { state: "miss" };
    },
  };
}

const evaluation = (store: Lookup, change: Partial<Evaluation> = {}): Evaluation => ({
  plan: plan(),
  sandboxPolicy: "1",
  rebuild: new Set(),
  store,
  ...change,
});

const states = (one: Evaluation) =>
  Object.fromEntries([...evaluatePlan(one)].map(([id, { state }]) => [id, state]));

function fingerprintIn(one: Evaluation, id: string): string {
  const state = evaluatePlan(one).get(id);
  if (!state || state.state === "pending") throw new Error(`${id} is pending`);
  return state.fingerprint;
}

/** A store in which `lib` and `app` were built, `lib` with this content. */
function built(content = "one", libScript = "make"): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const id of ["lib", "app"]) {
    const fingerprint = fingerprintIn(evaluation(storeOf(entries), { plan: plan(libScript) }), id);
    entries.set(fingerprint, entryOf(fingerprint, id === "lib" ? content : "app"));
  }
  return entries;
}

const ids = (nodes: readonly PlanNode[]) => nodes.map(({ id }) => id);
const work = (one: Evaluation, wanted = ["app"]) => ids(workFor(one.plan, evaluatePlan(one), wanted));

test("with an empty store a source's users are known, and what takes an output of a build waits for it", () => {
  const one = evaluation(storeOf());
  expect(states(one)).toEqual({ "lib/source": "miss", lib: "miss", app: "pending" });
  expect(evaluatePlan(one).get("app")).toEqual({ state: "pending", waitsFor: "lib" });
  expect(work(one)).toEqual(["lib/source", "lib", "app"]);
});

test("a finished build is not looked behind: its collected source is not work", () => {
  const one = evaluation(storeOf(built()));
  expect(states(one)).toEqual({ "lib/source": "miss", lib: "hit", app: "hit" });
  expect(work(one)).toEqual([]);
});

test("only the wanted nodes and what they need are work", () => {
  expect(work(evaluation(storeOf()), ["lib"])).toEqual(["lib/source", "lib"]);
});

test("an altered entry is made anew, and its users wait for it", () => {
  const entries = built();
  const fingerprint = fingerprintIn(evaluation(storeOf(entries)), "lib");
  const one = evaluation(storeOf(entries, new Set([fingerprint])));
  expect(evaluatePlan(one).get("lib")).toMatchObject({ state: "miss", reason: "altered" });
  expect(states(one)).toMatchObject({ app: "pending" });
});

test("a component that is to be built anew is, although it is in the store; its source is not", () => {
  const one = evaluation(storeOf(built()), { rebuild: new Set(["lib"]) });
  expect(evaluatePlan(one).get("lib")).toMatchObject({ state: "miss", reason: "asked" });
  expect(evaluatePlan(one).get("lib/source")).toMatchObject({ state: "miss", reason: "absent" });
  expect(states(one)).toMatchObject({ app: "pending" });
});

test("a changed script whose output is the same lets what follows be found in the store", () => {
  const entries = built();
  const changed = evaluation(storeOf(entries), { plan: plan("make # faster") });
  expect(states(changed)).toMatchObject({ lib: "miss", app: "pending" });
  const fingerprint = fingerprintIn(changed, "lib");
  entries.set(fingerprint, entryOf(fingerprint, "one"));
  expect(states(changed)).toMatchObject({ lib: "hit", app: "hit" });
});

test("a changed script whose output is another makes what follows a miss", () => {
  const entries = built();
  const changed = evaluation(storeOf(entries), { plan: plan("make faster") });
  const fingerprint = fingerprintIn(changed, "lib");
  entries.set(fingerprint, entryOf(fingerprint, "two"));
  expect(states(changed)).toMatchObject({ lib: "hit", app: "miss" });
});

test("another root or sandbox policy finds nothing of before", () => {
  const entries = built();
  expect(states(evaluation(storeOf(entries), { sandboxPolicy: "2" }))).toMatchObject({ lib: "miss" });
  const other = { ...plan(), roots: { build: "another" } };
  expect(states(evaluation(storeOf(entries), { plan: other }))).toMatchObject({ lib: "miss" });
});

test("a build in kept folders never stands in for a clean one", () => {
  expect(states(evaluation(storeOf(built()), { incremental: true }))).toMatchObject({ lib: "miss" });
});

test("an output without the file that is taken from it makes its user a miss, not a crash", () => {
  const entries = new Map<string, Entry>();
  const fingerprint = fingerprintIn(evaluation(storeOf()), "lib");
  entries.set(fingerprint, entryOf(fingerprint, "one", "another-file"));
  expect(evaluatePlan(evaluation(storeOf(entries))).get("app")).toMatchObject({
    state: "miss",
    signature: { "input /in/lib/file": "absent" },
  });
});
