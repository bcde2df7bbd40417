import { describe, expect, test } from "vitest";
import type { Entry } from "../../../src/store/entry.ts";
import { formatEntry, parseEntry } from "../../../src/store/entry-json.ts";

const entry: Entry = {
  entryVersion: 1,
  fingerprint: "f".repeat(64),
  node: "linux",
  component: "linux",
  output: "0".repeat(64),
  files: [
    { path: "a", type: "file", sha256: "1", executable: true, size: 3, mtimeMs: 1.5, ctimeMs: 2, inode: 7 },
    {
      path: "b",
      type: "link",
      sha256: "2",
      target: "a",
      executable: false,
      size: 1,
      mtimeMs: 1,
      ctimeMs: 2,
      inode: 8,
    },
  ],
  folders: [{ path: "", mtimeMs: 3 }],
  signature: { script: "make" },
  report: { wallMs: 1, cpuMs: 2, peakBytes: 3, lines: 4 },
};

describe("entry.json", () => {
  test("is read back as it was written", () => {
    expect(parseEntry(formatEntry(entry))).toEqual(entry);
  });

  test("of a source tree has a census in place of files", () => {
    const { files, folders, ...bare } = entry;
    expect([files, folders]).not.toContain(undefined);
    const tree: Entry = { ...bare, census: { files: 1, bytes: 2, sha256: "3" } };
    expect(parseEntry(formatEntry(tree))).toEqual(tree);
    expect(parseEntry(JSON.stringify(bare))).toBeUndefined();
  });

  test.each([
    ["nothing", ""],
    ["half a text", formatEntry(entry).slice(0, 200)],
    ["NULs, as a power cut leaves them", "\0".repeat(100)],
    ["another kind of value", "[]"],
    ["another version", JSON.stringify({ ...entry, entryVersion: 2 })],
    [
      "a file without a size",
      JSON.stringify({ ...entry, files: [{ ...entry.files?.[0], size: undefined }] }),
    ],
    [
      "a link without a target",
      JSON.stringify({ ...entry, files: [{ ...entry.files?.[1], target: undefined }] }),
    ],
    ["a signature that is no text", JSON.stringify({ ...entry, signature: { a: 1 } })],
    ["no report", JSON.stringify({ ...entry, report: undefined })],
  ])("is refused where it holds %s", (_, text) => {
    expect(parseEntry(text)).toBeUndefined();
  });
});
