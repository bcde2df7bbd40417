import { join } from "node:path";
import { expect, test } from "vitest";
import { planTarget } from "../../../src/build/planner/plan-target.ts";
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
