import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changedFiles, unusableInputs } from "../../../src/build/check-inputs.ts";
import type { ScriptNode } from "../../../src/plan/node.ts";
import { Layers } from "../../../src/recipe/layers.ts";
import { temporaryFolder } from "../../support/project.ts";

const node = (change: Partial<ScriptNode>): ScriptNode => ({
  kind: "build",
  id: "app",
  component: "app",
  root: "build",
  environment: {},
  script: "",
  inputs: [],
  files: [],
  texts: {},
  outputs: [],
  ...change,
});

test("a project file that was edited since it was hashed is no input of this build", () => {
  const folder = temporaryFolder({ "guest/init": "one", "guest/other": "same" });
  const files = new Layers([folder], folder).tree("guest") ?? [];
  expect(changedFiles(node({ files }))).toEqual([]);
  writeFileSync(join(folder, "guest/init"), "two");
  expect(changedFiles(node({ files }))).toEqual([
    {
      code: "NVLAB_STEP",
      message: "guest/init was changed while 'app' was built from it",
      hint: "build again",
    },
  ]);
});

test("a patch that was removed since it was hashed is a failure too", () => {
  const patch = {
    path: "patches/a.patch",
    absolute: "/nonexistent/a.patch",
    sha256: "aa",
    executable: false,
  };
  const patched = {
    kind: "patched",
    id: "lib/patched",
    component: "lib",
    root: "build",
    source: "lib/source",
  };
  expect(changedFiles({ ...patched, kind: "patched", patches: [patch], overlay: [] })).toHaveLength(1);
});

function messages(path: string): string[] {
  const folder = temporaryFolder({ "out/sub/there": "", "host-file": "" });
  symlinkSync("sub/there", join(folder, "out/link"));
  symlinkSync("../host-file", join(folder, "out/leaves"));
  const inputs = [{ at: `/in/lib/${path}`, node: "lib", path }];
  return unusableInputs(node({ inputs }), (input) => join(folder, "out", input.path ?? "")).map(
    ({ message }) => message,
  );
}

test("files, folders and links inside an output can be taken from it", () => {
  expect(["sub/there", "sub", "link"].flatMap(messages)).toEqual([]);
});

test("a file that was not made is named with who takes it", () => {
  expect(messages("gone")).toEqual(["'lib' has no gone, which 'app' takes"]);
});

test("a link that leads out of the output never shows a file of the host", () => {
  expect(messages("leaves")).toEqual([
    "'lib' has no leaves, which 'app' takes: it is a link that leads elsewhere",
  ]);
});
