import { describe, expect, it } from "vitest";
import { builderOf, composeProvenance } from "../../../src/attest/provenance.ts";
import { composeRebuild, RebuildPredicate } from "../../../src/attest/rebuild.ts";
import { renderStatement, Statement } from "../../../src/attest/statement.ts";
import { checkSubjects, subjectsOf } from "../../../src/attest/subjects.ts";
import { BootResults, composeTestResult, TestResultPredicate } from "../../../src/attest/test-result.ts";
import { smallLock } from "../../support/project.ts";
import { digestsOf, sampleArtifacts, sampleManifest } from "../release/sample.ts";

const manifest = sampleManifest();
const input = {
  builder: "https://b.example.org",
  version: "0.1.0",
  manifest,
  lock: smallLock,
  root: "build",
};

describe("provenance", () => {
  const provenance = composeProvenance({ ...input, documents: [] });

  it("is an in-toto statement about every artifact, by both digests", () => {
    expect(Statement.parse(JSON.parse(renderStatement(provenance)))).toEqual(provenance);
    expect(provenance._type).toBe("https://in-toto.io/Statement/v1");
    expect(provenance.predicateType).toBe("https://slsa.dev/provenance/v1");
    const { sha256, sha512 } = digestsOf("firmware");
    expect(provenance.subject).toContainEqual({ name: "fw_dynamic.bin", digest: { sha256, sha512 } });
    expect(provenance.subject).toHaveLength(manifest.artifacts.length);
  });

  it("names builder, target, and each source and package of the toolchain with its digest", () => {
    expect(builderOf(provenance)).toBe("https://b.example.org");
    expect(provenance.predicate.buildDefinition).toMatchObject({
      externalParameters: {
        target: "qemu-virt",
        releaseVersion: "1.2.0",
        parameters: { opensbi: { PLATFORM: "generic" } },
      },
      resolvedDependencies: [
        { name: "lab", digest: { gitCommit: "c".repeat(40) } },
        { name: "nvlab.lock", digest: { nvlabLock: "a".repeat(64) } },
        { name: "linux/main", digest: { nvlabTree: "f".repeat(64) } },
        {
          name: "opensbi/main",
          uri: "pkg:github/riscv-software-src/opensbi@v1.6",
          digest: { sha256: "d".repeat(64) },
        },
        {
          name: "build/make",
          uri: "pkg:deb/debian/make@4.4.1-1?arch=amd64&distro=trixie",
          digest: { sha256: "ef".repeat(32) },
          annotations: { pool: "pool/main/m/make-dfsg/make_4.4.1-1_amd64.deb" },
        },
      ],
    });
  });

  it("holds neither time nor place, and is the same each time", () => {
    const again = composeProvenance({ ...input, documents: [] });
    expect(renderStatement(again)).toBe(renderStatement(provenance));
    expect(Object.keys(provenance.predicate)).toEqual(["buildDefinition", "runDetails"]);
    expect(Object.keys(provenance.predicate.runDetails as object)).toEqual(["builder"]);
  });
});

const leaf = (name: string, status: "pass" | "fail" | "skip" | "expected-fail") => ({
  name,
  status,
  children: [],
});

describe("a test result", () => {
  it("names the tests that passed and failed by their whole path, and not the skipped ones", () => {
    const results = BootResults.parse({
      resultsVersion: 1,
      target: "qemu-virt",
      passed: false,
      tests: [
        {
          name: "kunit",
          status: "fail",
          children: [leaf("a", "pass"), leaf("b", "fail"), leaf("c", "skip")],
        },
        { name: "odd", status: "fail", children: [leaf("d", "pass")] },
        leaf("known", "expected-fail"),
      ],
      failures: [],
    });
    const { predicate } = composeTestResult({ results, artifacts: manifest.artifacts, configuration: [] });
    expect(TestResultPredicate.parse(predicate)).toMatchObject({
      result: "FAILED",
      passedTests: ["kunit > a", "odd > d", "known"],
      failedTests: ["kunit > b", "odd"],
    });
  });
});

describe("a rebuild", () => {
  const base = {
    rebuilder: "https://r.example.org",
    manifestSha256: "0".repeat(64),
    artifacts: manifest.artifacts,
    variations: [{ name: "time", place: "inside", state: "varied" } as const],
  };

  it("is identical only where nothing came out otherwise", () => {
    const resultOf = (different: string[]) =>
      RebuildPredicate.parse(composeRebuild({ ...base, different }).predicate);
    expect(resultOf([])).toMatchObject({ result: "identical", different: [] });
    expect(resultOf(["z", "a"])).toMatchObject({ result: "different", different: ["a", "z"] });
  });
});

describe("subjects", () => {
  const [first] = sampleArtifacts();
  const subject = subjectsOf(manifest.artifacts);
  const statement = composeProvenance({ ...input, documents: [] });
  const faultsOf = (subjects: typeof subject) =>
    checkSubjects({ ...statement, subject: subjects }, manifest.artifacts);

  it("have to be every artifact, each with its digest, and nothing else", () => {
    expect(faultsOf(subject)).toEqual([]);
    expect(faultsOf(subject.slice(1))).toEqual([{ name: subject[0]?.name, what: "absent" }]);
    const digest = { sha256: "0".repeat(64) };
    expect(faultsOf([...subject, { name: "other", digest }])).toEqual([{ name: "other", what: "strange" }]);
    expect(faultsOf(subject.map((one) => (one.name === first?.path ? { ...one, digest } : one)))).toEqual([
      { name: first?.path, what: "other" },
    ]);
    const weak = subject.map(({ name, digest: both }) => ({ name, digest: { sha256: both.sha256 } }));
    expect(faultsOf(weak)).toEqual([]);
    const wrong = subject.map(({ name, digest: both }) => ({
      name,
      digest: { ...both, sha512: "0".repeat(128) },
    }));
    expect(faultsOf(wrong)).toHaveLength(subject.length);
  });

  it("may not reach for the prototype", () => {
    const digest = { sha256: "0".repeat(64) };
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(faultsOf([...subject, { name, digest }])).toEqual([{ name, what: "strange" }]);
    }
  });
});
