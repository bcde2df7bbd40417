import { describe, expect, it } from "vitest";
import type { Fault, Observed, ObservedRelease } from "../../../src/release/fault.ts";
import { renderManifest } from "../../../src/release/render.ts";
import { verifyManifest } from "../../../src/release/verify.ts";
import { describeFault, renderVerifyTable } from "../../../src/release/verify-text.ts";
import { sampleManifest, sampleRelease } from "./sample.ts";

/** The faults of a release of which one file, the manifest or SHA256SUMS is not as it was. */
function faultsOf(change: {
  file?: (file: Observed) => Observed | undefined;
  add?: Observed[];
  manifest?: (value: Record<string, unknown>) => void;
  text?: (manifest: string) => string;
  checksums?: (text: string) => string | undefined;
}): readonly Fault[] {
  const value = structuredClone(sampleManifest()) as unknown as Record<string, unknown>;
  change.manifest?.(value);
  const rendered = renderManifest(value as never);
  const { manifest, observed } = sampleRelease(change.text === undefined ? rendered : change.text(rendered));
  const checksums =
    change.checksums === undefined ? observed.checksums : change.checksums(observed.checksums);
  const seen: ObservedRelease = {
    files: observed.files
      .map((file) => (change.file === undefined ? file : change.file(file)))
      .filter((file) => file !== undefined)
      .concat(change.add ?? []),
    ...(checksums === undefined ? {} : { checksums }),
  };
  return verifyManifest(manifest, seen).faults;
}

const only =
  (path: string, change: (file: Observed) => Observed | undefined) =>
  (file: Observed): Observed | undefined =>
    file.path === path ? change(file) : file;
const artifactsOf = (value: Record<string, unknown>): Record<string, unknown>[] =>
  value.artifacts as Record<string, unknown>[];
const kinds = (faults: readonly Fault[]): string[] => faults.map(({ kind }) => kind);

describe("verify finds", () => {
  it("nothing in a release as it was made", () => {
    const { manifest, observed } = sampleRelease();
    const report = verifyManifest(manifest, observed);
    expect(report.faults).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.release).toEqual({
      target: "qemu-virt",
      version: "1.2.0",
      commit: "c".repeat(40),
      dirty: false,
    });
  });

  it("nothing in what nvlab itself adds later", () => {
    const added = ["build-report.json", "test-results.json", "junit.xml"].map((path): Observed => ({
      path,
      type: "file",
      size: 1,
    }));
    expect(faultsOf({ add: [...added, { path: "logs", type: "folder", size: 0 }] })).toEqual([]);
  });

  it("a missing file", () => {
    expect(faultsOf({ file: only("debug/vmlinux", () => undefined) })).toEqual([
      { kind: "missing", path: "debug/vmlinux" },
    ]);
  });

  it("an altered file, though only one of its digests tells", () => {
    for (const digest of ["sha256", "sha512"] as const) {
      const faults = faultsOf({
        file: only("fw_dynamic.bin", (file) => ({
          ...file,
          [digest]: "0".repeat(file[digest]?.length ?? 0),
        })),
      });
      expect(faults.map(({ path }) => path)).toContain("fw_dynamic.bin");
      expect(kinds(faults)).toContain("altered");
    }
  });

  it("a wrong size", () => {
    expect(faultsOf({ file: only("fw_dynamic.bin", (file) => ({ ...file, size: 7 })) })).toEqual([
      { kind: "size", path: "fw_dynamic.bin", expected: 8, found: 7 },
    ]);
  });

  it("a link, a folder or a device in place of a file", () => {
    expect(kinds(faultsOf({ file: only("fw_dynamic.bin", (file) => ({ ...file, type: "link" })) }))).toEqual([
      "link",
    ]);
    for (const type of ["folder", "other"] as const) {
      expect(kinds(faultsOf({ file: only("fw_dynamic.bin", (file) => ({ ...file, type })) }))).toEqual([
        "not-a-file",
      ]);
    }
  });

  it("a link in place of a companion", () => {
    expect(kinds(faultsOf({ add: [{ path: "logs", type: "link", size: 0 }] }))).toEqual(["link"]);
    expect(kinds(faultsOf({ add: [{ path: "junit.xml", type: "folder", size: 0 }] }))).toEqual([
      "not-a-file",
    ]);
  });

  it("a file too many, whatever it is", () => {
    for (const type of ["file", "link", "folder", "other"] as const) {
      expect(faultsOf({ add: [{ path: "evil", type, size: 1 }] })).toEqual([
        { kind: "extra", path: "evil", found: type },
      ]);
    }
  });

  it("a file that could not be read, with the reason", () => {
    const faults = faultsOf({
      file: only("fw_dynamic.bin", ({ path, type, size }) => ({ path, type, size, unreadable: "EACCES" })),
    });
    expect(faults).toEqual([{ kind: "unreadable", path: "fw_dynamic.bin", reason: "EACCES" }]);
    const closed = faultsOf({ add: [{ path: "debug", type: "folder", size: 0, unreadable: "EACCES" }] });
    expect(closed).toEqual([{ kind: "unreadable", path: "debug", reason: "EACCES" }]);
  });

  it("paths that are absolute or leave the folder, without calling the entry a file too many", () => {
    for (const path of ["../evil", "/etc/passwd", "a/../../b", "a//b", "./a", "a\\b", ""]) {
      const faults = faultsOf({ manifest: (value) => Object.assign(artifactsOf(value)[2] ?? {}, { path }) });
      expect(faults).toContainEqual({ kind: "unsafe-path", path, listed: "manifest.json" });
      expect(kinds(faults)).not.toContain("manifest-invalid");
    }
  });

  it("a name that is listed twice", () => {
    const faults = faultsOf({ manifest: (value) => artifactsOf(value).push({ ...artifactsOf(value)[0] }) });
    expect(kinds(faults)).toContain("duplicate");
  });

  it("a manifest that lists itself", () => {
    const faults = faultsOf({
      manifest: (value) => Object.assign(artifactsOf(value)[0] ?? {}, { path: "SHA256SUMS" }),
    });
    expect(kinds(faults)).toContain("extra");
  });

  it("a schema version that it does not know, and says nothing else", () => {
    expect(faultsOf({ manifest: (value) => Object.assign(value, { schemaVersion: 4 }) })).toEqual([
      { kind: "unknown-schema", path: "manifest.json", found: "4", known: "1, 2, 3" },
    ]);
    expect(kinds(faultsOf({ text: () => "{}" }))).toEqual(["unknown-schema"]);
  });

  it("a manifest that is no JSON or no object", () => {
    for (const text of ["", "{", "[]", "null", '"x"', "\u0000", "[".repeat(100_000)]) {
      expect(kinds(faultsOf({ text: () => text }))).toEqual(["manifest-not-json"]);
    }
  });

  it("every wrong member of the manifest, and the other artifacts' faults too", () => {
    const faults = faultsOf({
      manifest: (value) => {
        Object.assign(value, { epoch: -1, host: "builder7" });
        Object.assign(artifactsOf(value)[0] ?? {}, { size: "8" });
      },
      file: only("fw_dynamic.bin", (file) => ({ ...file, size: 9 })),
    });
    const members = faults.flatMap((fault) => (fault.kind === "manifest-invalid" ? [fault.member] : []));
    expect(members).toEqual(expect.arrayContaining(["epoch", "artifacts.0.size", "(whole)"]));
    expect(kinds(faults)).toContain("size");
  });

  it("a member that is there twice, since two readers could see two manifests", () => {
    const faults = faultsOf({ text: (text) => text.replace('  "epoch"', '  "epoch": 1,\n  "epoch"') });
    expect(kinds(faults)).toEqual(["manifest-not-canonical"]);
  });

  it("names that reach for the prototype", () => {
    const faults = faultsOf({
      text: (text) => text.replace('"artifacts"', '"__proto__": {"ok": true},\n  "artifacts"'),
    });
    expect(faults.length).toBeGreaterThan(0);
    expect(({} as Record<string, unknown>).ok).toBeUndefined();
    for (const path of ["__proto__", "constructor", "hasOwnProperty"]) {
      expect(kinds(faultsOf({ add: [{ path, type: "file", size: 0 }] }))).toEqual(["extra"]);
      const renamed = faultsOf({ manifest: (value) => Object.assign(artifactsOf(value)[0] ?? {}, { path }) });
      expect(renamed).toContainEqual({ kind: "missing", path });
    }
  });

  it("a config digest that is not that of the shipped .config", () => {
    const faults = faultsOf({
      manifest: (value) => {
        for (const component of value.components as Record<string, unknown>[]) delete component.config;
      },
    });
    expect(faults).toEqual([{ kind: "config", path: "manifest.json", component: "linux" }]);
  });

  it("SHA256SUMS missing, unreadable, malformed or at odds with the manifest", () => {
    const missing = { checksums: () => undefined, file: only("SHA256SUMS", () => undefined) };
    expect(faultsOf(missing)).toEqual([{ kind: "missing", path: "SHA256SUMS" }]);
    expect(kinds(faultsOf({ checksums: () => undefined }))).toEqual(["unreadable"]);
    expect(faultsOf({ checksums: (text) => `# hello\n${text}` })).toEqual([
      { kind: "checksums-malformed", path: "SHA256SUMS", lines: [1] },
    ]);
    expect(kinds(faultsOf({ checksums: (text) => text.replace(/^./, "g") }))).toEqual([
      "checksums-malformed",
      "checksums-disagree",
    ]);
    expect(kinds(faultsOf({ checksums: (text) => text.replace(/^[^\n]*\n/, "") }))).toEqual([
      "checksums-disagree",
    ]);
    expect(kinds(faultsOf({ checksums: (text) => `${text}${"0".repeat(64)}  more\n` }))).toEqual([
      "checksums-disagree",
    ]);
    expect(kinds(faultsOf({ checksums: (text) => `${text}${"0".repeat(64)}  ../more\n` }))).toEqual([
      "unsafe-path",
    ]);
    expect(kinds(faultsOf({ checksums: (text) => text + text }))).toContain("duplicate");
  });

  it("an edit of the manifest that keeps its form, by the digest in SHA256SUMS", () => {
    const original = sampleRelease();
    const edited = original.manifest.replace("1.2.0", "1.2.1");
    const files = original.observed.files.map((file) =>
      file.path === "manifest.json"
        ? (sampleRelease(edited).observed.files.find(({ path }) => path === "manifest.json") ?? file)
        : file,
    );
    const report = verifyManifest(edited, { ...original.observed, files });
    expect(report.faults.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "checksums-disagree manifest.json",
    ]);
  });
});

describe("the verify table", () => {
  it("lists every artifact and the verdict", () => {
    const { manifest, observed } = sampleRelease();
    expect(renderVerifyTable(verifyManifest(manifest, observed))).toBe(
      [
        "qemu-virt 1.2.0, commit cccccccccccc",
        "",
        "  good    config/linux.config            13 bytes",
        "  good    debug/vmlinux                   7 bytes",
        "  good    fw_dynamic.bin                  8 bytes",
        "",
        "Verified: 3 artifacts, no fault.",
        "",
      ].join("\n"),
    );
  });

  it("says each fault in words and keeps control sequences from the terminal", () => {
    const { manifest, observed } = sampleRelease();
    const text = renderVerifyTable(
      verifyManifest(manifest, {
        ...observed,
        files: [
          ...observed.files.filter(({ path }) => path !== "fw_dynamic.bin"),
          { path: "\u001b[2Jx", type: "file", size: 0 },
        ],
      }),
    );
    expect(text).toContain("  faulty  fw_dynamic.bin");
    expect(text).toContain("  fw_dynamic.bin: is missing\n");
    expect(text).toContain("  \uFFFD[2Jx: is not part of the release\n");
    expect(text).toContain("NOT verified: 2 faults, 3 artifacts.");
    expect(text).not.toContain("\u001b");
  });

  it("has words for every fault", () => {
    const path = "p";
    const faults: Fault[] = [
      { kind: "manifest-missing", path, found: "nothing" },
      { kind: "manifest-missing", path, found: "link" },
      { kind: "manifest-missing", path, found: "other" },
      { kind: "manifest-too-large", path, size: 2, limit: 1 },
      { kind: "manifest-not-json", path, reason: "r" },
      { kind: "unknown-schema", path, found: "4", known: "1, 2, 3" },
      { kind: "contract", path, reason: "r" },
      { kind: "manifest-invalid", path, member: "m", reason: "r" },
      { kind: "manifest-not-canonical", path },
      { kind: "unsafe-path", path, listed: "SHA256SUMS" },
      { kind: "duplicate", path, listed: "SHA256SUMS" },
      { kind: "link", path },
      { kind: "extra", path, found: "folder" },
      { kind: "not-a-file", path, found: "folder" },
      { kind: "unreadable", path, reason: "EACCES" },
      { kind: "size", path, expected: 1, found: 2 },
      { kind: "altered", path, expected: "sha256-a sha512-b", found: "sha256-c sha512-d" },
      { kind: "config", path, component: "linux" },
      { kind: "checksums-malformed", path, lines: [1, 2, 3, 4, 5, 6] },
      { kind: "checksums-disagree", path, manifest: "a" },
      { kind: "checksums-disagree", path, manifest: "a", checksums: "b" },
    ];
    const words = faults.map(describeFault);
    expect(new Set(words).size).toBe(faults.length);
    for (const word of words) expect(word).toMatch(/^\S.*\S$/);
  });
});
