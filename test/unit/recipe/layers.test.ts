import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Layers } from "../../../src/recipe/layers.ts";
import { temporaryFolder } from "../../support/project.ts";

function layersOf(shipped: Record<string, string>, project: Record<string, string>) {
  const [lower, upper] = [temporaryFolder(shipped), temporaryFolder(project)];
  return { layers: new Layers([lower, upper], upper), lower, upper };
}

test("a project's file hides the shipped one of the same path", () => {
  const { layers, upper } = layersOf({ "a.config": "low", "b.config": "low" }, { "a.config": "high" });
  expect(layers.text("a.config")).toBe("high");
  expect(layers.file("a.config")?.absolute).toBe(join(upper, "a.config"));
  expect(layers.text("b.config")).toBe("low");
  expect(layers.file("c.config")).toBeUndefined();
});

test("a folder is that of all layers together, sorted, with the upper layer's content", () => {
  const { layers } = layersOf(
    { "patches/0001-a.patch": "low", "patches/0003-c.patch": "low" },
    { "patches/0002-b.patch": "high", "patches/0003-c.patch": "high", "patches/files/x.c": "high" },
  );
  const files = layers.tree("patches") ?? [];
  expect(files.map(({ path }) => path)).toEqual([
    "patches/0001-a.patch",
    "patches/0002-b.patch",
    "patches/0003-c.patch",
    "patches/files/x.c",
  ]);
  expect(layers.text("patches/0003-c.patch")).toBe("high");
});

test("a folder that no layer has is none, and a file in the place of a folder is no folder", () => {
  const { layers } = layersOf({ "a.config": "" }, {});
  expect(layers.tree("patches")).toBeUndefined();
  expect(layers.tree("a.config/patches")).toBeUndefined();
  expect(layers.file("a.config/b.config")).toBeUndefined();
});

test("a patch that is a link to a file is not passed over in silence", () => {
  const { layers, upper } = layersOf({}, { "shared.patch": "text", "patches/0001-a.patch": "" });
  symlinkSync("../shared.patch", join(upper, "patches/0002-b.patch"));
  expect(layers.tree("patches")?.map(({ path }) => path)).toEqual([
    "patches/0001-a.patch",
    "patches/0002-b.patch",
  ]);
});

test("a file's executable bit is seen", () => {
  const { layers, upper } = layersOf({}, { init: "", text: "" });
  chmodSync(join(upper, "init"), 0o755);
  expect([layers.file("init")?.executable, layers.file("text")?.executable]).toEqual([true, false]);
});

test("paths are shown relative to the project, and absolute where they lie outside", () => {
  const { layers, lower, upper } = layersOf({}, {});
  expect(layers.shown(join(upper, "recipes/a.yaml"))).toBe("recipes/a.yaml");
  expect(layers.shown(join(lower, "a.yaml"))).toBe(join(lower, "a.yaml"));
});

test("documents are those directly in a folder, lowest layer first, hidden ones left out", () => {
  const { layers } = layersOf(
    { "recipes/b.yaml": "", "recipes/a.yaml": "", "recipes/sub/c.yaml": "", "recipes/note.txt": "" },
    { "recipes/a.yaml": "", "recipes/.a.yaml": "" },
  );
  expect(layers.documents("recipes").map(({ stem, layer }) => `${stem} ${String(layer)}`)).toEqual([
    "a 0",
    "b 0",
    "a 1",
  ]);
});
