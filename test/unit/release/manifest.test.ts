import { describe, expect, it } from "vitest";
import { releaseChecksums } from "../../../src/release/checksums.ts";
import { composeManifest } from "../../../src/release/compose.ts";
import { fileIntegrity } from "../../../src/release/integrity.ts";
import type { ManifestDocument } from "../../../src/release/manifest.ts";
import { Manifest } from "../../../src/release/manifest.ts";
import { readManifest } from "../../../src/release/read-manifest.ts";
import { renderManifest } from "../../../src/release/render.ts";
import { digestsOf, sampleArtifacts, sampleContents, sampleFacts, sampleManifest } from "./sample.ts";

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

describe("the documents of a release", () => {
  const document = (path: string, kind: ManifestDocument["kind"], content: string): ManifestDocument => {
    const digests = digestsOf(content);
    return { path, kind, size: digests.size, integrity: fileIntegrity(digests) };
  };
  const documents = [
    document("sbom.cdx.json", "sbom", "{}"),
    document("licenses/opensbi/COPYING.BSD", "licence", "free"),
  ];
  const withDocuments = composeManifest(sampleFacts, sampleArtifacts(), documents);

  it("are listed by path, and an out folder has no such member", () => {
    expect(withDocuments.documents?.map(({ path }) => path)).toEqual([
      "licenses/opensbi/COPYING.BSD",
      "sbom.cdx.json",
    ]);
    expect(sampleManifest()).not.toHaveProperty("documents");
  });

  it("read back, and their paths are named as those of artifacts are", () => {
    const reading = readManifest(renderManifest(withDocuments));
    expect(reading.faults).toEqual([]);
    expect(reading.documents).toEqual(withDocuments.documents);
    expect([...reading.named].sort()).toEqual(
      [...Object.keys(sampleContents), ...documents.map(({ path }) => path)].sort(),
    );
  });

  it("are in SHA256SUMS beside the artifacts and the manifest", () => {
    const lines = releaseChecksums(withDocuments, "0".repeat(64)).trimEnd().split("\n");
    const expected = { ...sampleContents, "sbom.cdx.json": "{}", "licenses/opensbi/COPYING.BSD": "free" };
    expect(lines.toSorted()).toEqual(
      [
        ...Object.entries(expected).map(([path, content]) => `${digestsOf(content).sha256}  ${path}`),
        `${"0".repeat(64)}  manifest.json`,
      ].toSorted(),
    );
  });

  it("cannot leave the folder, be an artifact as well, or be in a manifest from before there were any", () => {
    const faultsOf = (changed: readonly ManifestDocument[], schemaVersion: 2 | 3 = 3): unknown[] => [
      ...readManifest(renderManifest({ ...withDocuments, schemaVersion, documents: [...changed] })).faults,
    ];
    const sbom = document("sbom.cdx.json", "sbom", "{}");
    expect(faultsOf([{ ...sbom, path: "../sbom.cdx.json" }])).toEqual([
      { kind: "unsafe-path", path: "../sbom.cdx.json", listed: "manifest.json" },
    ]);
    expect(faultsOf([{ ...sbom, path: "fw_dynamic.bin" }])).toEqual([
      { kind: "duplicate", path: "fw_dynamic.bin", listed: "manifest.json" },
    ]);
    expect(faultsOf([sbom], 2)).toEqual([
      {
        kind: "manifest-invalid",
        path: "manifest.json",
        member: "documents",
        reason: "a manifest has documents since schema version 3",
      },
    ]);
  });
});
