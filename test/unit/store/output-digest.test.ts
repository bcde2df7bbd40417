import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byBytes } from "../../../src/store/by-bytes.ts";
import type { Entry, EntryFile } from "../../../src/store/entry.ts";
import { digestOf, type DigestRow, outputDigest, treeDigest } from "../../../src/store/output-digest.ts";

const hex = (letter: string): string => letter.repeat(64);

function file(path: string, sha256 = hex("a"), executable = false): EntryFile {
  return { path, type: "file", sha256, executable, size: 1, mtimeMs: 1, ctimeMs: 1, inode: 1 };
}

function link(path: string, target: string): EntryFile {
  return { ...file(path, hex("f")), type: "link", target };
}

function entry(files: readonly EntryFile[], folders: readonly string[] = []): Entry {
  const listed = ["", ...folders].map((path) => ({ path, mtimeMs: 1 }));
  return {
    entryVersion: 1,
    fingerprint: hex("1"),
    node: "n",
    component: "c",
    output: outputDigest(files, listed),
    files,
    folders: listed,
    signature: {},
    report: { wallMs: 0, cpuMs: 0, peakBytes: 0, lines: 0 },
  };
}

const row: fc.Arbitrary<DigestRow> = fc.record({
  path: fc.string({ minLength: 1, unit: "grapheme" }),
  type: fc.constantFrom("file", "link", "folder"),
  executable: fc.boolean(),
  sha256: fc.constantFrom(hex("a"), hex("b")),
});

describe("the digest of a tree", () => {
  test("does not depend on the order in which files are found", () => {
    const rows = fc.uniqueArray(row, { selector: ({ path }) => path });
    const orders = rows.chain((found) =>
      fc.tuple(fc.constant(found), fc.shuffledSubarray(found, { minLength: found.length })),
    );
    fc.assert(
      fc.property(orders, ([found, shuffled]) => {
        expect(treeDigest(shuffled)).toBe(treeDigest(found));
      }),
    );
  });

  test("changes with a name, the content, the executable bit and the type", () => {
    const base: DigestRow = { path: "a", type: "file", sha256: hex("a"), executable: false };
    const variants: DigestRow[] = [
      base,
      { ...base, path: "b" },
      { ...base, sha256: hex("b") },
      { ...base, executable: true },
      { ...base, type: "link" },
    ];
    expect(new Set(variants.map((variant) => treeDigest([variant]))).size).toBe(variants.length);
  });

  test("names are ordered by bytes, not by UTF-16 units", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (left, right) => {
        expect(Math.sign(byBytes(left, right))).toBe(Buffer.from(left).compare(Buffer.from(right)));
      }),
    );
    expect(byBytes("\uFF5E", "\u{1F600}")).toBeLessThan(0);
  });
});

describe("the digest of a part of an output", () => {
  test("of a file is the same whatever its name is, and another with another executable bit", () => {
    const output = entry([file("a"), file("b"), file("c", hex("a"), true)]);
    expect(digestOf(output, "a")).toBe(digestOf(output, "b"));
    expect(digestOf(output, "a")).not.toBe(digestOf(output, "c"));
  });

  test("of a folder does not change with what lies beside it", () => {
    const before = entry([file("lib/x"), file("other", hex("b"))], ["lib"]);
    const after = entry([file("lib/x"), file("other", hex("c"))], ["lib"]);
    expect(digestOf(before, "lib")).toBe(digestOf(after, "lib/"));
    expect(digestOf(before)).not.toBe(digestOf(after));
  });

  test("of a link is that of what it leads to", () => {
    const output = entry([file("real/x.so.1"), link("real/x.so", "x.so.1"), link("short", "real")], ["real"]);
    expect(digestOf(output, "real/x.so")).toBe(digestOf(output, "real/x.so.1"));
    expect(digestOf(output, "short/x.so")).toBe(digestOf(output, "real/x.so.1"));
    expect(digestOf(output, "short")).toBe(digestOf(output, "real"));
  });

  test("of a link that leaves the output, or goes in a circle, is that of the link itself", () => {
    const output = entry([link("away", "../../etc/passwd"), link("root", "/etc"), link("self", "self")]);
    expect(digestOf(output, "away")).toBeDefined();
    expect(digestOf(output, "root")).toBeDefined();
    expect(digestOf(output, "self")).toBeDefined();
    expect(digestOf(output, "root/passwd")).toBeUndefined();
  });

  test("of a path that is not there, or leads outside, is none", () => {
    const output = entry([file("a")]);
    expect(digestOf(output, "b")).toBeUndefined();
    expect(digestOf(output, "../a")).toBeUndefined();
    expect(digestOf(output, "a/b")).toBeUndefined();
  });

  test("of the whole is the entry's own, also when asked for as a dot", () => {
    const output = entry([file("a")]);
    expect(digestOf(output)).toBe(output.output);
    expect(digestOf(output, ".")).toBe(output.output);
  });

  test("of a source tree changes with the tree", () => {
    const { files, folders, ...bare } = entry([]);
    expect(files?.length).toBe(0);
    expect(folders?.length).toBe(1);
    const tree: Entry = { ...bare, census: { files: 1, bytes: 1, sha256: hex("c") } };
    expect(digestOf({ ...tree, output: hex("2") }, "Makefile")).not.toBe(digestOf(tree, "Makefile"));
  });
});
