import { describe, expect, it } from "vitest";
import { refusalsOf, type ReleaseConditions } from "../../../src/publish/refusals.ts";
import type { ReleaseFacts, SourceFacts } from "../../../src/release/facts.ts";
import { sampleFacts } from "../release/sample.ts";

const [opensbi] = sampleFacts.components;
if (!opensbi) throw new Error("the sample has no component");

const withFacts = (change: Partial<ReleaseFacts>): ReleaseConditions => ({
  facts: { ...sampleFacts, components: [opensbi], ...change },
  changed: [],
  versionAsked: false,
  shipped: { used: true, changed: [] },
});
const withSource = (source: SourceFacts): ReleaseConditions =>
  withFacts({ components: [{ ...opensbi, sources: [source] }] });
const codes = (conditions: ReleaseConditions): string[] => refusalsOf(conditions).map(({ code }) => code);
const sha256 = "a".repeat(64);

describe("a release", () => {
  it("is not refused where everything is committed and locked", () => {
    expect(refusalsOf(withFacts({}))).toEqual([]);
  });

  it("is refused outside git, and with files that are not committed, which are named", () => {
    expect(codes(withFacts({ project: { name: "lab", commit: null, dirty: false } }))).toEqual([
      "NVLAB_RELEASE_DIRTY",
    ]);
    const project = { name: "lab", commit: "c".repeat(40), dirty: true };
    const changed = Array.from({ length: 12 }, (_, index) => `file-${index}`);
    const [refusal] = refusalsOf({ ...withFacts({ project }), changed });
    expect(refusal).toMatchObject({ code: "NVLAB_RELEASE_DIRTY" });
    expect(refusal?.details).toEqual([...changed.slice(0, 10), "and 2 more"]);
  });

  it("is refused where the recipes of nvlab itself were changed, if it uses them", () => {
    const changed = ["recipes/components/linux.yaml"];
    expect(codes({ ...withFacts({}), shipped: { used: true, changed } })).toEqual(["NVLAB_RELEASE_DIRTY"]);
    expect(codes({ ...withFacts({}), shipped: { used: false, changed } })).toEqual([]);
  });

  it("is refused with a local folder in place of a source, and with a source that only this machine has", () => {
    expect(codes(withSource({ type: "local", name: "main", sha256 }))).toEqual(["NVLAB_RELEASE_SOURCE"]);
    const git = (url: string): ReleaseConditions =>
      withSource({ type: "git", name: "main", url, commit: "b".repeat(40), sha256 });
    expect(codes(git("/home/me/opensbi"))).toEqual(["NVLAB_RELEASE_SOURCE"]);
    expect(codes(git("file:///home/me/opensbi"))).toEqual(["NVLAB_RELEASE_SOURCE"]);
    expect(codes(git("https://git.example.org/opensbi.git"))).toEqual([]);
    expect(codes(git("git@git.example.org:opensbi.git"))).toEqual([]);
    const archive = { type: "archive", name: "main", variant: 0, file: "a.tar.gz", sha256 } as const;
    expect(codes(withSource({ ...archive, places: [] }))).toEqual(["NVLAB_RELEASE_SOURCE"]);
  });

  it("is refused where object files were kept, and where no locked toolchain made it", () => {
    expect(codes(withFacts({ incremental: true }))).toEqual(["NVLAB_RELEASE_SOURCE"]);
    const toolchain = { ...sampleFacts.toolchain, packages: 0 };
    expect(codes(withFacts({ toolchain }))).toEqual(["NVLAB_RELEASE_SOURCE"]);
  });

  it("is refused where an image is signed with a key for development", () => {
    const signing = { image: "boot.itb", algorithm: "sha256,rsa2048", sha256, development: true };
    expect(codes(withFacts({ signing: [signing] }))).toEqual(["NVLAB_RELEASE_KEY"]);
    expect(codes(withFacts({ signing: [{ ...signing, development: false }] }))).toEqual([]);
  });

  it("of a pre-release has to be asked for, and a version cannot lead out of its folder", () => {
    const releaseVersion = "1.3.0-rc.1";
    expect(codes(withFacts({ releaseVersion }))).toEqual(["NVLAB_RELEASE_VERSION"]);
    expect(codes({ ...withFacts({ releaseVersion }), versionAsked: true })).toEqual([]);
    for (const wrong of ["../../etc", "1.2", "", "1.2.3/x"]) {
      expect(codes({ ...withFacts({ releaseVersion: wrong }), versionAsked: true })).toEqual([
        "NVLAB_RELEASE_VERSION",
      ]);
    }
  });

  it("is refused where a licence is no SPDX expression", () => {
    const licensed = (license: string): string[] =>
      codes(withFacts({ components: [{ ...opensbi, license }] }));
    expect(licensed("GPL v2")).toEqual(["NVLAB_RELEASE_LICENCE"]);
    expect(licensed("GPL-2.0-only WITH Linux-syscall-note")).toEqual([]);
    expect(licensed("LicenseRef-Proprietary")).toEqual([]);
  });

  it("is refused with every reason at once", () => {
    const project = { name: "lab", commit: null, dirty: false };
    expect(codes(withFacts({ project, incremental: true, releaseVersion: "1.0.0-dev" }))).toEqual([
      "NVLAB_RELEASE_DIRTY",
      "NVLAB_RELEASE_VERSION",
      "NVLAB_RELEASE_SOURCE",
    ]);
  });
});
