import { describe, expect, it } from "vitest";
import { compareMade } from "../../../src/reproduce/compare.ts";
import type { Made, MadeFile } from "../../../src/reproduce/made.ts";
import type { Manifest } from "../../../src/release/manifest.ts";

function made(
  files: Readonly<Record<string, readonly [string, string]>>,
  outputs: Readonly<Record<string, string>>,
): Made {
  const entries = Object.entries(files).map(([path, [component, sha256]]): [string, MadeFile] => [
    path,
    { path, component, sha256 },
  ]);
  return {
    label: "a build",
    files: new Map(entries),
    nodes: Object.entries(outputs).map(([key, output]) => {
      const [node = "", fingerprint = key] = key.split("@");
      return { node, component: node, fingerprint, output };
    }),
  };
}

const needs = new Map([
  ["image", ["app", "lib"]],
  ["app", ["lib"]],
  ["lib", ["lib/config"]],
]);

describe("compareMade", () => {
  it("finds files that differ and files that only one side has, and nothing else", () => {
    const one = made({ same: ["lib", "11"], other: ["lib", "22"], gone: ["app", "33"] }, {});
    const two = made({ same: ["lib", "11"], other: ["lib", "99"], more: ["app", "44"] }, {});
    expect(compareMade(one, two, needs).map(({ path }) => path)).toEqual(["gone", "more", "other"]);
    expect(compareMade(one, one, needs)).toEqual([]);
  });

  it("follows a difference to the node that made other outputs of the same inputs", () => {
    const one = made({ "disk.img": ["image", "1"] }, { "lib@l": "a", "app@p1": "b", "image@i1": "c" });
    const two = made({ "disk.img": ["image", "2"] }, { "lib@l": "x", "app@p2": "y", "image@i2": "z" });
    expect(compareMade(one, two, needs)[0]?.origins).toEqual(["lib"]);
  });

  it("does not blame a node on which the file does not depend", () => {
    const one = made({ tool: ["lib", "1"] }, { "lib@l": "a", "app@p": "b" });
    const two = made({ tool: ["lib", "2"] }, { "lib@l": "a", "app@p": "c" });
    expect(compareMade(one, two, needs)[0]?.origins).toEqual([]);
  });

  it("compares manifests without artifacts, documents and the version of the schema", () => {
    const manifest = {
      schemaVersion: 3,
      project: { name: "x", commit: null, dirty: false },
      components: [],
      artifacts: [],
    } as unknown as Manifest;
    const release = { ...manifest, schemaVersion: 2, documents: [] } as unknown as Manifest;
    const dirty = { ...manifest, project: { ...manifest.project, dirty: true } };
    const plain = made({}, {});
    expect(compareMade({ ...plain, manifest }, { ...plain, manifest: release }, needs)).toEqual([]);
    expect(compareMade({ ...plain, manifest }, { ...plain, manifest: dirty }, needs)).toEqual([
      { path: "manifest.json", component: "", origins: ["manifest: project"] },
    ]);
  });
});
