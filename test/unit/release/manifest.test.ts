import { describe, expect, it } from "vitest";
import { composeManifest } from "../../../src/release/compose.ts";
import { Manifest } from "../../../src/release/manifest.ts";
import { renderManifest } from "../../../src/release/render.ts";
import { sampleArtifacts, sampleFacts, sampleManifest } from "./sample.ts";

describe("the manifest", () => {
  it("is the same text for the same inputs in whatever order they came", () => {
    const reversed = composeManifest(
      { ...sampleFacts, components: [...sampleFacts.components].reverse() },
      sampleArtifacts().reverse(),
    );
    expect(renderManifest(reversed)).toBe(renderManifest(sampleManifest()));
  });

  it("is pretty JSON with sorted keys and a line feed at the end, and reads back as itself", () => {
    const text = renderManifest(sampleManifest());
    expect(text).toMatch(/^\{\n {2}"artifacts": \[/);
    expect(text.endsWith("}\n")).toBe(true);
    expect(Manifest.parse(JSON.parse(text))).toEqual(sampleManifest());
    expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(JSON.parse(text) as object).sort());
  });

  it("names each artifact's SRI digests, the weaker first", () => {
    for (const { integrity } of sampleManifest().artifacts)
      expect(integrity).toMatch(/^sha256-\S+ sha512-\S+$/);
  });

  it("takes a component's config digest from the .config that is shipped", () => {
    const manifest = sampleManifest();
    const linux = manifest.components.find(({ name }) => name === "linux");
    expect(linux?.config).toBe(manifest.artifacts.find(({ kind }) => kind === "config")?.integrity);
    expect(manifest.components.find(({ name }) => name === "opensbi")).not.toHaveProperty("config");
  });

  it("keeps the order of patches and says which source a local tree stood in for", () => {
    const linux = sampleManifest().components.find(({ name }) => name === "linux");
    expect(linux?.sources).toEqual([
      { type: "local", name: "main", integrity: expect.stringMatching(/^sha256-/) as string },
    ]);
    expect(linux).not.toHaveProperty("purl");
  });

  it("refuses an unknown key, a version that is no SemVer and a short commit id", () => {
    const wrong: unknown[] = [
      { ...sampleManifest(), host: "builder7" },
      { ...sampleManifest(), releaseVersion: "1.2" },
      { ...sampleManifest(), project: { name: "lab", commit: "abc123", dirty: false } },
    ];
    for (const value of wrong) expect(Manifest.safeParse(value).success).toBe(false);
  });

  it("says so where the project is not in git", () => {
    const facts = { ...sampleFacts, project: { name: "lab", commit: null, dirty: true } };
    expect(Manifest.parse(composeManifest(facts, [])).project).toEqual({
      name: "lab",
      commit: null,
      dirty: true,
    });
  });
});
