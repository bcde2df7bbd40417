import { join } from "node:path";
import { expect, test } from "vitest";
import { planTarget } from "../../../src/build/planner/plan-target.ts";
import type { Failure } from "../../../src/failure/failure.ts";
import type { ScriptNode } from "../../../src/plan/node.ts";
import { loadProject } from "../../../src/recipe/project.ts";
import { smallLock, smallProject, temporaryFolder } from "../../support/project.ts";

async function plan(changes: Record<string, string> = {}, lock = smallLock) {
  const folder = temporaryFolder({ ...smallProject, ...changes });
  const project = await loadProject(folder, "/nonexistent", join(folder, ".cache"));
  if (!project.ok) return project;
  return planTarget({ project: project.value, lock, target: "board", overrides: new Map() });
}

async function nodes(changes: Record<string, string> = {}) {
  const planned = await plan(changes);
  if (!planned.ok) throw new Error(JSON.stringify(planned.failures));
  return planned.value.plan.nodes;
}

async function failures(changes: Record<string, string>): Promise<readonly Failure[]> {
  const planned = await plan(changes);
  return planned.ok ? [] : planned.failures;
}

const changed = (file: string, from: string, to: string): Record<string, string> => {
  const text = smallProject[file] ?? "";
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { [file]: text.replace(from, to) };
};

test("a plan has every node once, after what it needs", async () => {
  expect((await nodes()).map((node) => node.id)).toEqual([
    "lib/source",
    "lib/patched",
    "lib/config",
    "lib",
    "app",
    "board.dtb",
  ]);
});

test("a component's build sees its patched source, its configuration and what it needs", async () => {
  const [, patched, , lib, app] = await nodes();
  expect(patched).toMatchObject({
    overlay: [{ to: "drivers/new.c" }],
    patches: [{ path: "patches/lib/0001-fix.patch" }],
  });
  expect((lib as ScriptNode).inputs).toEqual([
    { at: "/src", node: "lib/patched" },
    { at: "/config/.config", node: "lib/config", path: ".config" },
  ]);
  expect((lib as ScriptNode).environment).toMatchObject({ SPEED: "1", SOURCE_DATE_EPOCH: "1700000000" });
  expect((app as ScriptNode).inputs).toEqual([{ at: "/in/lib", node: "lib" }]);
});

test("the same project gives the same plan, wherever it lies", async () => {
  const strip = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === "absolute" ? undefined : part)));
  expect(strip(await nodes())).toEqual(strip(await nodes()));
});

test("a comment in a fragment changes nothing", async () => {
  const [, , before] = await nodes();
  const [, , after] = await nodes({ "kernel-configs/lib.config": "# another comment\n\nCONFIG_FAST=y\n" });
  expect((after as ScriptNode).texts).toEqual((before as ScriptNode).texts);
  expect((after as ScriptNode).script).toBe((before as ScriptNode).script);
});

test.each<[string, Record<string, string>, Partial<Failure>]>([
  [
    "an unknown need",
    changed("recipes/components/app.yaml", "needs: [lib]", "needs: [lob]"),
    { code: "NVLAB_RECIPE", at: { file: "recipes/components/app.yaml", line: 4, column: 9 } },
  ],
  [
    "a cycle",
    changed("recipes/components/lib.yaml", "patches: [", "needs: [app]\npatches: ["),
    { code: "NVLAB_RECIPE_CYCLE", message: "these need each other in a circle: app → lib → app" },
  ],
  [
    "a missing patch folder",
    changed("recipes/components/lib.yaml", "[patches/lib]", "[patches/nowhere]"),
    { code: "NVLAB_FILE_MISSING", at: { file: "recipes/components/lib.yaml", line: 8, column: 11 } },
  ],
  [
    "a missing fragment",
    changed("recipes/components/lib.yaml", "[kernel-configs/lib.config]", "[kernel-configs/gone.config]"),
    { code: "NVLAB_FILE_MISSING", at: expect.objectContaining({ line: 12 }) as never },
  ],
  [
    "a missing device tree source",
    changed("recipes/targets/board.yaml", "dts/board.dts", "dts/gone.dts"),
    {
      code: "NVLAB_FILE_MISSING",
      at: expect.objectContaining({ file: "recipes/targets/board.yaml" }) as never,
    },
  ],
  [
    "an output that nobody declares",
    changed("recipes/targets/board.yaml", "app/app", "app/appp"),
    { code: "NVLAB_RECIPE", message: "'app' declares no output 'appp'" },
  ],
  [
    "an output of a component that does not exist",
    changed("recipes/targets/board.yaml", "app/app", "apt/app"),
    {
      code: "NVLAB_RECIPE",
      at: expect.objectContaining({ file: "recipes/targets/board.yaml", line: 8 }) as never,
    },
  ],
  [
    "a path inside an image",
    changed("recipes/targets/board.yaml", "output: board.dtb", "output: board.dtb/inside"),
    {
      code: "NVLAB_RECIPE",
      message: "'board.dtb/inside' names no image of this target and no component/output",
    },
  ],
  [
    "a missing fragment that the target names",
    changed("recipes/targets/board.yaml", "app: {}", "app: {}\n  lib: { fragments: [gone.config] }"),
    { code: "NVLAB_FILE_MISSING", at: { file: "recipes/targets/board.yaml", line: 4, column: 22 } },
  ],
  [
    "a parameter that the recipe does not have",
    changed("recipes/targets/board.yaml", "app: {}", "app: { with: { COLOUR: red } }"),
    { code: "NVLAB_RECIPE", message: "'app' has no parameter COLOUR" },
  ],
  [
    "a parameter's value that is not allowed",
    changed("recipes/targets/board.yaml", "app: {}", "app: {}\n  lib: { with: { SPEED: 7 } }"),
    { code: "NVLAB_RECIPE", message: "parameter SPEED of 'lib' is 7; allowed are 1, 2" },
  ],
  [
    "a parameter of the wrong type",
    changed("recipes/targets/board.yaml", "app: {}", "app: {}\n  lib: { with: { SPEED: fast } }"),
    { message: "parameter SPEED of 'lib' is \"fast\", which is no integer" },
  ],
  [
    "a line in a fragment that Kconfig would pass over",
    { "kernel-configs/lib.config": "CONFIG_FAST = y\n" },
    { at: { file: "kernel-configs/lib.config", line: 1, column: 1 } },
  ],
])("%s is a failure that says where", async (_what, changes, expected) => {
  expect(await failures(changes)).toEqual([expect.objectContaining(expected)]);
});

test("an image with the name of a component in use is a failure", async () => {
  const text = (smallProject["recipes/targets/board.yaml"] ?? "").replaceAll("board.dtb", "lib");
  expect(await failures({ "recipes/targets/board.yaml": text })).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        message: "the image 'lib' has the name of a component that this target uses",
      }),
    ]),
  );
});

test("a source that the lock does not have names the command that resolves it", async () => {
  const planned = await plan({}, { ...smallLock, sources: {} });
  expect(planned).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_LOCK_STALE", hint: "resolve it with `nvlab lock`" }],
  });
});

test("a target that does not exist names those that do", async () => {
  const folder = temporaryFolder(smallProject);
  const project = await loadProject(folder, "/nonexistent", join(folder, ".cache"));
  if (!project.ok) throw new Error("the project does not load");
  expect(
    planTarget({ project: project.value, lock: smallLock, target: "bord", overrides: new Map() }),
  ).toMatchObject({
    failures: [{ code: "NVLAB_USAGE", hint: "known targets: board" }],
  });
});
