import { join } from "node:path";
import { expect, test } from "vitest";
import { lockable } from "../../../src/build/lockable.ts";
import { loadProject } from "../../../src/recipe/project.ts";
import { smallProject, temporaryFolder } from "../../support/project.ts";

async function lockableOf(changes: Record<string, string> = {}, targets = ["board"]) {
  const folder = temporaryFolder({ ...smallProject, ...changes });
  const project = await loadProject(folder, "/nonexistent", join(folder, ".cache"));
  if (!project.ok) throw new Error(JSON.stringify(project.failures));
  return lockable(project.value, targets);
}

const board = smallProject["recipes/targets/board.yaml"] ?? "";
const app = smallProject["recipes/components/app.yaml"] ?? "";

test("a lock names the sources of all components in use, and every root once", async () => {
  expect(await lockableOf()).toMatchObject({
    ok: true,
    value: { sources: [{ key: "lib/main", version: "1.0" }], roots: [{ name: "build" }] },
  });
});

test("what two targets share is locked once", async () => {
  const second = { "recipes/targets/second.yaml": board.replace("name: board", "name: second") };
  const found = await lockableOf(second, ["board", "second"]);
  expect(found.ok && [found.value.sources.length, found.value.roots.length]).toEqual([1, 1]);
});

test("a root that only boots is locked too", async () => {
  const found = await lockableOf({
    "recipes/roots/boot.yaml": "name: boot\nsuites: [trixie]\npackages: [qemu]\n",
    "recipes/targets/board.yaml": `${board}boot: { qemu: { machine: virt, bios: app } }\n`,
  });
  expect(found.ok && found.value.roots.map(({ name }) => name)).toEqual(["build", "boot"]);
});

test("a root that only checks is locked too", async () => {
  const found = await lockableOf({
    "recipes/roots/check.yaml": "name: check\nsuites: [trixie]\npackages: [dt-schema]\n",
    "recipes/targets/board.yaml": `${board}check: {}\n`,
  });
  expect(found.ok && found.value.roots.map(({ name }) => name)).toEqual(["build", "check"]);
});

test("a root that does not exist names those that do", async () => {
  const found = await lockableOf({ "recipes/components/app.yaml": `${app}root: bild\n` });
  expect(found).toMatchObject({
    failures: [{ code: "NVLAB_RECIPE", message: "there is no root 'bild'", hint: "known roots: build" }],
  });
});

test("faults of all targets are reported", async () => {
  const found = await lockableOf({}, ["bord", "baord"]);
  expect(found.ok ? [] : found.failures).toHaveLength(2);
});
