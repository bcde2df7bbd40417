import { join } from "node:path";
import { expect, test } from "vitest";
import { planTarget } from "../../../src/build/planner/plan-target.ts";
import { positionOf } from "../../../src/recipe/located.ts";
import { findProjectDirectory, loadProject } from "../../../src/recipe/project.ts";
import { smallLock, smallProject, temporaryFolder } from "../../support/project.ts";

const own = { "nvlab.yaml": 'name: mine\nversion: "1.0.0"\n' };

async function load(project: Record<string, string>, shipped: Record<string, string> = smallProject) {
  const folder = temporaryFolder({ ...own, ...project });
  return loadProject(folder, temporaryFolder(shipped), join(folder, ".cache"));
}

async function good(project: Record<string, string>, shipped?: Record<string, string>) {
  const loaded = await load(project, shipped);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failures));
  return loaded.value;
}

const lib = "recipes/components/lib.yaml";
const extension = (text: string) => ({ [lib]: `name: lib\nextends: lib\n${text}` });

test("an extension replaces what it names, merges by key, and adds to lists", async () => {
  const project = await good(
    extension(`version: "1.1"
environment: { COLOUR: red }
parameters: { SIZE: { type: integer, default: 3 } }
patches: [patches/lib, patches/mine]
outputs: [extra]
fragments: [kernel-configs/mine.config]
`),
  );
  expect(project.components.get("lib")).toMatchObject({
    recipe: {
      version: "1.1",
      license: "MIT",
      environment: { COLOUR: "red" },
      parameters: { SPEED: { default: 1 }, SIZE: { default: 3 } },
      patches: ["patches/lib", "patches/mine"],
      outputs: ["lib.a", "extra"],
      steps: [
        { kconfig: { fragments: ["kernel-configs/lib.config", "kernel-configs/mine.config"] } },
        { run: "make -C /src O=/obj" },
      ],
    },
    documents: [{}, { file: lib }],
  });
});

test("an extension's steps replace all of the recipe's", async () => {
  const project = await good(extension("steps: [{ run: touch /out/lib.a }]\n"));
  expect(project.components.get("lib")?.recipe.steps).toEqual([{ run: "touch /out/lib.a" }]);
});

test("a variant is made from the extended recipe, whatever the order of their names", async () => {
  const variant = (name: string) => `name: ${name}\nextends: lib\nsummary: a variant\n`;
  const project = await good({
    ...extension('version: "9"\n'),
    "recipes/components/a-lib.yaml": variant("a-lib"),
    "recipes/components/z-lib.yaml": variant("z-lib"),
    "recipes/components/a-a-lib.yaml": "name: a-a-lib\nextends: z-lib\n",
  });
  const versions = ["lib", "a-lib", "z-lib", "a-a-lib"].map(
    (name) => project.components.get(name)?.recipe.version,
  );
  expect(versions).toEqual(["9", "9", "9", "9"]);
  expect(project.components.get("a-a-lib")?.recipe).toMatchObject({ name: "a-a-lib", summary: "a variant" });
});

test("a whole recipe of the project hides the shipped one", async () => {
  const text = 'name: lib\nversion: "7"\nlicense: ISC\nsteps: [{ run: touch /out/x }]\noutputs: [x]\n';
  const project = await good({ [lib]: text });
  expect(project.components.get("lib")).toMatchObject({ recipe: { version: "7", patches: [] } });
  expect(project.components.get("lib")?.documents).toHaveLength(1);
});

test.each([
  ["what does not exist", "name: lob\nextends: lab\n", "'lob' extends 'lab', which no layer has"],
  ["itself alone", "name: lob\nextends: lob\n", "'lob' extends 'lob', which no layer has"],
])("extending %s is a failure that says where", async (_what, text, message) => {
  const loaded = await load({ "recipes/components/lob.yaml": text });
  expect(loaded).toMatchObject({
    failures: [
      {
        code: "NVLAB_RECIPE",
        message,
        at: { file: "recipes/components/lob.yaml", line: 2 },
        hint: "known components: app, lib",
      },
    ],
  });
});

test("recipes that extend each other end in a failure", async () => {
  const loaded = await load({
    "recipes/components/one.yaml": "name: one\nextends: two\n",
    "recipes/components/two.yaml": "name: two\nextends: one\n",
  });
  expect(loaded.ok ? [] : loaded.failures.map(({ code }) => code)).toEqual(["NVLAB_RECIPE", "NVLAB_RECIPE"]);
});

test("a file that is not called like what it describes is a failure", async () => {
  const loaded = await load({ "recipes/roots/bild.yaml": "name: build\nsuites: [a]\npackages: [make]\n" });
  expect(loaded).toMatchObject({
    failures: [
      {
        code: "NVLAB_RECIPE",
        message: "root 'build' is in a file called bild.yaml",
        hint: "rename the file to build.yaml",
      },
    ],
  });
});

test("faults of all files are reported at once", async () => {
  const loaded = await load({
    "recipes/roots/a.yaml": "name: a\n",
    "recipes/targets/b.yaml": "name: b\n",
    "recipes/components/c.yaml": "name: [",
  });
  const files = new Set(loaded.ok ? [] : loaded.failures.map(({ at }) => at?.file));
  expect(files).toEqual(
    new Set(["recipes/roots/a.yaml", "recipes/targets/b.yaml", "recipes/components/c.yaml"]),
  );
});

test("a project that extends nothing does not see shipped recipes", async () => {
  const project = await good({ "nvlab.yaml": `${own["nvlab.yaml"]}extends: false\n` });
  expect([...project.components.keys()]).toEqual([]);
});

test("a project's patches are applied among those of the shipped folder, and its fragment hides the shipped one", async () => {
  const project = await good({
    "patches/lib/0000-first.patch": "--- a/x\n",
    "patches/lib/files/drivers/new.c": "int y;\n",
    "kernel-configs/lib.config": "CONFIG_SLOW=y\n",
  });
  const planned = planTarget({ project, lock: smallLock, target: "board", overrides: new Map() });
  if (!planned.ok) throw new Error(JSON.stringify(planned.failures));
  const patched = planned.value.plan.nodes.find(({ kind }) => kind === "patched");
  expect(patched).toMatchObject({
    patches: [{ path: "patches/lib/0000-first.patch" }, { path: "patches/lib/0001-fix.patch" }],
    overlay: [{ file: { absolute: join(project.directory, "patches/lib/files/drivers/new.c") } }],
  });
  const config = planned.value.plan.nodes.find(({ kind }) => kind === "config");
  expect(config).toMatchObject({ texts: { "requested.config": "CONFIG_SLOW=y\n" } });
});

test("a missing patch folder is reported where it is named, be it in an extension", async () => {
  const project = await good(extension("patches: [patches/mine]\n"));
  const planned = planTarget({ project, lock: smallLock, target: "board", overrides: new Map() });
  expect(planned).toMatchObject({
    failures: [{ code: "NVLAB_FILE_MISSING", at: { file: lib, line: 3, column: 11 } }],
  });
});

test("the project is found from a folder inside it, and nowhere else", () => {
  const folder = temporaryFolder({ ...own, "src/deep/file": "" });
  expect(findProjectDirectory(join(folder, "src/deep"))).toEqual({ ok: true, value: folder });
  expect(findProjectDirectory("/")).toMatchObject({ failures: [{ code: "NVLAB_PROJECT" }] });
});

const board = "recipes/targets/board.yaml";
const machine = "boot: { qemu: { machine: virt, bios: app, memory: 512M } }\n";
const bootable = { ...smallProject, [board]: `${smallProject[board] ?? ""}${machine}` };
const variant = (text: string) => ({
  "recipes/targets/board-debug.yaml": `name: board-debug\nextends: board\n${text}`,
});

test("a target that extends another takes its parts and changes what it names", async () => {
  const project = await good(
    variant(`summary: with checks
components: { lib: { with: { SPEED: 2 }, fragments: [kernel-configs/debug.config] } }
images: { board.dtb: { device-tree: { source: dts/other.dts } } }
boot: { qemu: { memory: 2G } }
`),
    bootable,
  );
  expect(project.targets.get("board-debug")?.value).toMatchObject({
    name: "board-debug",
    summary: "with checks",
    components: { app: {}, lib: { with: { SPEED: 2 }, fragments: ["kernel-configs/debug.config"] } },
    images: { "board.dtb": { "device-tree": { source: "dts/other.dts" } } },
    artifacts: { app: { output: "app/app" } },
    boot: { qemu: { machine: "virt", memory: "2G", harts: 2 } },
  });
  expect(project.targets.get("board")?.value).toMatchObject({
    components: { app: {} },
    boot: { qemu: { memory: "512M" } },
  });
});

test("fragments of a variant come behind those of what it extends, and are placed in their own file", async () => {
  const lists = (...names: string[]) => `components: { lib: { fragments: [${names.join(", ")}] } }\n`;
  const project = await good(
    {
      ...variant(lists("c.config")),
      "recipes/targets/board-more.yaml": `name: board-more\nextends: board-debug\n${lists("d.config")}`,
    },
    {
      ...smallProject,
      [board]: (smallProject[board] ?? "").replace(
        "  app: {}",
        "  app: {}\n  lib:\n    fragments: [a.config, b.config]",
      ),
    },
  );
  const more = project.targets.get("board-more");
  if (!more) throw new Error("no board-more");
  expect(more.value.components.lib?.fragments).toEqual(["a.config", "b.config", "c.config", "d.config"]);
  const fileOf = (...path: (string | number)[]) => positionOf(more, path).file.replace(/.*\//, "");
  expect([0, 1, 2, 3].map((index) => fileOf("components", "lib", "fragments", index))).toEqual([
    "board.yaml",
    "board.yaml",
    "board-debug.yaml",
    "board-more.yaml",
  ]);
  expect(fileOf("images", "board.dtb", "device-tree", "source")).toBe("board.yaml");
});

test("a mistake in a variant of a target is shown where it was written", async () => {
  const project = await good(variant("components: { lob: {} }\n"));
  const planned = planTarget({ project, lock: smallLock, target: "board-debug", overrides: new Map() });
  expect(planned.ok ? [] : planned.failures).toMatchObject([
    {
      message: "there is no component 'lob'",
      at: { file: "recipes/targets/board-debug.yaml", line: 3, column: 20 },
    },
  ]);
});

test.each([
  [
    "extends what does not exist",
    "name: board-debug\nextends: bord\n",
    "'board-debug' extends 'bord', which no layer has",
  ],
  [
    "has a machine of its own",
    "name: board-debug\nextends: board\nboot: { qemu: { cpu: rv32 } }\n",
    "unknown key 'cpu' in 'boot.qemu'",
  ],
])("a target that %s is refused", async (_what, text, message) => {
  const loaded = await load({ "recipes/targets/board-debug.yaml": text });
  expect(loaded.ok ? [] : loaded.failures.map((failure) => failure.message)).toEqual([message]);
});
