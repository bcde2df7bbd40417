import { describe, expect, it } from "vitest";
import { parseChecksums, renderChecksums } from "../../../src/release/checksums.ts";

const digest = "0123456789abcdef".repeat(4);

describe("SHA256SUMS", () => {
  it("is sorted by name and reads back as itself", () => {
    const checksums = [
      { path: "b/c", sha256: digest },
      { path: "a.bin", sha256: digest },
    ];
    const text = renderChecksums(checksums);
    expect(text).toBe(`${digest}  a.bin\n${digest}  b/c\n`);
    expect(parseChecksums(text)).toEqual({ checksums: checksums.reverse(), malformed: [] });
  });

  it("may be in binary mode and lack the last line feed", () => {
    expect(parseChecksums(`${digest} *a`)).toEqual({
      checksums: [{ path: "a", sha256: digest }],
      malformed: [],
    });
  });

  it("says which lines are none", () => {
    const text = `${digest}  a\n\nnonsense\n${digest.toUpperCase()}  b\n\\${digest}  c\\n\n`;
    expect(parseChecksums(text).malformed).toEqual([2, 3, 4, 5]);
  });

  it("of nothing is empty", () => {
    expect(renderChecksums([])).toBe("");
    expect(parseChecksums("")).toEqual({ checksums: [], malformed: [] });
  });
});
