import { describe, expect, it } from "vitest";
import {
  compareComponents,
  compareFiles,
  compareReleaseFields,
  compareToolchains,
  totalSize,
} from "../../../src/compare/manifests.ts";
import { composeManifest } from "../../../src/release/compose.ts";
import type { ReleaseFacts } from "../../../src/release/facts.ts";
import { sampleArtifacts, sampleContents, sampleFacts, sampleManifest } from "../release/sample.ts";

const before = sampleManifest();

function changed(changes: Partial<ReleaseFacts>, contents = sampleContents) {
  return composeManifest({ ...sampleFacts, ...changes }, sampleArtifacts(contents));
}

const [opensbi, linux] = sampleFacts.components;
if (opensbi === undefined || linux === undefined) throw new Error("the sample has two components");

describe("manifests", () => {
  it("that are the same differ in nothing", () => {
    const same = sampleManifest();
    expect(compareReleaseFields(before, same)).toEqual([]);
    expect(compareComponents(before, same)).toEqual([]);
    expect(compareToolchains(before, same)).toEqual([]);
    expect(compareFiles(before.artifacts, same.artifacts)).toEqual([]);
  });

  it("tell another version, commit and epoch of the release", () => {
    const after = changed({
      releaseVersion: "1.3.0",
      project: { name: "lab", commit: null, dirty: true },
      epoch: 1767225660,
    });
    expect(compareReleaseFields(before, after)).toEqual([
      { name: "build epoch", before: "2026-01-01T00:00:00.000Z", after: "2026-01-01T00:01:00.000Z" },
      { name: "commit", before: "c".repeat(40), after: "(not from git)" },
      { name: "dirty", before: "no", after: "yes" },
      { name: "release version", before: "1.2.0", after: "1.3.0" },
    ]);
  });

  it("tell another version, patch, parameter and overlay of a component", () => {
    const after = changed({
      components: [
        {
          ...opensbi,
          version: "1.7",
          parameters: { PLATFORM: "generic", DEBUG: true },
          patches: [
            { path: "patches/opensbi/0001-banner.patch", sha256: "2".repeat(64) },
            { path: "patches/opensbi/0002-more.patch", sha256: "3".repeat(64) },
          ],
        },
        { ...linux, overlay: [] },
      ],
    });
    const [first, second] = compareComponents(before, after);
    expect(first).toMatchObject({
      component: "linux",
      change: "changed",
      overlay: [{ name: "drivers/misc/nv.c", after: undefined }],
    });
    expect(second?.fields.map(({ name }) => name)).toEqual([
      "order of patches",
      "parameter DEBUG",
      "version",
    ]);
    expect(second?.patches.map(({ name, before: old }) => [name, old === undefined])).toEqual([
      ["patches/opensbi/0001-banner.patch", false],
      ["patches/opensbi/0002-more.patch", true],
    ]);
  });

  it("tell components that came and went", () => {
    const after = changed({ components: [linux, { ...linux, name: "busybox" }] });
    expect(compareComponents(before, after).map(({ component, change }) => [component, change])).toEqual([
      ["busybox", "added"],
      ["opensbi", "removed"],
    ]);
  });

  it("tell artifacts whose bytes differ, also where they are as many", () => {
    const after = changed(
      {},
      { "fw_dynamic.bin": "FIRMWARE", "config/linux.config": "CONFIG_SMP=y\n", Image: "kernel" },
    );
    expect(compareFiles(before.artifacts, after.artifacts)).toEqual([
      { name: "Image", before: undefined, after: 6 },
      { name: "debug/vmlinux", before: 7, after: undefined },
      { name: "fw_dynamic.bin", before: 8, after: 8 },
    ]);
    expect([totalSize(before), totalSize(after)]).toEqual([28, 27]);
  });

  it("tell another compiler", () => {
    const { toolchain } = sampleFacts;
    const after = changed({
      toolchain: { ...toolchain, packages: 84, compiler: { ...toolchain.compiler, version: "4:14.2.0-2" } },
    });
    expect(compareToolchains(before, after)).toEqual([
      { name: "gcc-riscv64-linux-gnu", before: "4:14.2.0-1", after: "4:14.2.0-2" },
      { name: "packages", before: "83", after: "84" },
    ]);
  });
});
