import { join } from "node:path";
import { expect, test } from "vitest";
import { rootRecipeDigest } from "../../../src/lock/recipe-digest.ts";
import { RootRecipe } from "../../../src/recipe/schema/root.ts";
import { type CheckRequest, checkTrees } from "../../../src/check/check-trees.ts";
import { exitCode } from "../../../src/cli/execute.ts";
import type { Failure } from "../../../src/failure/failure.ts";
import { smallLock, temporaryFolder } from "../../support/project.ts";
import { home } from "../cli/fake-world.ts";

const roots = { build: ["make"], check: ["dt-schema"] };
const rootRecipe = (name: keyof typeof roots) => ({ name, suites: ["trixie"], packages: roots[name] });
const locked = (name: keyof typeof roots) => ({
  recipe: rootRecipeDigest(RootRecipe.parse(rootRecipe(name))),
  archiveTime: 1,
  packages: smallLock.roots.build?.packages,
});

/** A project whose target has a device tree that was never built. */
const project = {
  "nvlab.yaml": 'name: small\nversion: "1.0.0"\nextends: false\ndefault-target: board\n',
  "nvlab.lock": JSON.stringify({
    ...{ lockVersion: 1, epoch: 1, sources: {} },
    roots: { build: locked("build"), check: locked("check") },
  }),
  "recipes/roots/build.yaml": JSON.stringify(rootRecipe("build")),
  "recipes/roots/check.yaml": JSON.stringify(rootRecipe("check")),
  "dts/board.dts": "/dts-v1/;\n/ { };\n",
  "dts/bindings/board.yaml": "%YAML 1.2\n",
};

const target = (check: string): string => `name: board
components: {}
images:
  board.dtb: { device-tree: { source: dts/board.dts } }
artifacts:
  board.dtb: { output: board.dtb, kind: device-tree }
${check}`;

/** What is wrong; no network is there to be asked. */
async function check(directory: string, request: Partial<CheckRequest> = {}): Promise<readonly Failure[]> {
  const checked = await checkTrees(
    { target: undefined, frozen: true, trees: [], ...request },
    {
      ...{
        home,
        directory,
        cacheDir: join(directory, "cache"),
        offline: true,
        debianMirrors: [],
        mirrors: [],
      },
      ...{ lockFile: undefined, environment: {}, signal: new AbortController().signal },
      emit: () => undefined,
    },
  );
  const failures = checked.ok ? [] : checked.failures;
  expect(exitCode(failures)).toBe(2);
  return failures;
}

const projectWith = (section: string): string =>
  temporaryFolder({ ...project, "recipes/targets/board.yaml": target(section) });

const file = "recipes/targets/board.yaml";

test("a target that does not say how it is checked is a fault of its recipe, with the place", async () => {
  expect(await check(projectWith(""))).toMatchObject([
    {
      code: "NVLAB_RECIPE",
      message: "the target board does not say how its device trees are checked",
      at: { file, line: 1 },
    },
  ]);
});

test("a folder of bindings that is not there is named, with the place that names it", async () => {
  expect(await check(projectWith("check: { root: check, bindings: dts/none }\n"))).toMatchObject([
    {
      code: "NVLAB_FILE_MISSING",
      message: "dts/none, the folder of bindings, is not there",
      at: { file, line: 7 },
    },
  ]);
});

test("trees that were not built, or are no files, are each named before anything is fetched", async () => {
  const folder = projectWith("check: { root: check }\n");
  const code = "NVLAB_FILE_MISSING";
  expect(await check(folder)).toMatchObject([
    {
      code,
      message: `${join(folder, "out/board/board.dtb")} is not there`,
      hint: expect.stringContaining("nvlab build board") as string,
    },
  ]);
  const out = join(folder, "images");
  expect(await check(folder, { out })).toMatchObject([
    { code, message: `${join(out, "board.dtb")} is not there` },
  ]);
  expect(await check(folder, { trees: [folder, join(folder, "none")] })).toMatchObject([
    { code, message: `${folder} is no file` },
    { code, message: `${join(folder, "none")} is not there` },
  ]);
});
