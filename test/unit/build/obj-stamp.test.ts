import { expect, test } from "vitest";
import { isStale, stampOf, type ObjStamp } from "../../../src/build/obj-stamp.ts";
import type { PatchedNode, PlanNode, ScriptNode, SourceNode } from "../../../src/plan/node.ts";

const before: ObjStamp = { base: "b", overlay: { "a.c": "1" }, builtMs: 1000 };
const newer = (): number => 2000;
const older = (): number => 500;

test("a folder that nothing is known of is not trusted", () => {
  expect(isStale(undefined, before, newer)).toBe(true);
});

test("nothing changed: make goes on where it was", () => {
  expect(isStale(before, { ...before, builtMs: 3000 }, older)).toBe(false);
});

test("an overlay file edited since is newer, so make sees it", () => {
  expect(isStale(before, { ...before, overlay: { "a.c": "2" } }, newer)).toBe(false);
});

test("an overlay file that changed and is older than the last build starts afresh", () => {
  expect(isStale(before, { ...before, overlay: { "a.c": "2" } }, older)).toBe(true);
});

test("an overlay file that went away gives back an old pristine file, and starts afresh", () => {
  expect(isStale(before, { ...before, overlay: {} }, newer)).toBe(true);
});

test("another patch, source, root or environment is another base", () => {
  const source: SourceNode = {
    kind: "source",
    id: "a/source",
    component: "a",
    root: "build",
    strip: 1,
    origin: { type: "local", directory: "/tree", sha256: "1", files: [] },
  };
  const patch = { path: "p.patch", absolute: "", sha256: "p", executable: false };
  const patched: PatchedNode = {
    kind: "patched",
    id: "a/patched",
    component: "a",
    root: "build",
    source: source.id,
    patches: [patch],
    overlay: [],
  };
  const build: ScriptNode = {
    kind: "build",
    id: "a",
    component: "a",
    root: "build",
    environment: {},
    script: "make",
    inputs: [{ at: "/src", node: patched.id }],
    files: [],
    texts: {},
    outputs: [],
  };
  const base = (nodes: PlanNode[], node = build, root = "r") =>
    stampOf(node, { nodes, roots: { build: root } }, 0).base;
  const usual = base([source, patched, build]);
  expect(base([source, { ...patched, patches: [] }, build])).not.toBe(usual);
  expect(base([source, patched, build], { ...build, environment: { A: "1" } })).not.toBe(usual);
  expect(base([source, patched, build], build, "another")).not.toBe(usual);
  const edited = { ...source, origin: { ...source.origin, sha256: "2" } as SourceNode["origin"] };
  expect(base([edited, patched, build])).toBe(usual);
});
