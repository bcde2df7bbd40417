import { expect, test } from "vitest";
import type { Comparison } from "../../../src/compare/comparison.ts";
import { renderComparison, renderMarkdown } from "../../../src/compare/render.ts";
import { colourless } from "../../../src/report/palette.ts";

const nothing: Comparison = {
  before: "out/a",
  after: "out/b",
  equal: true,
  release: [],
  components: [],
  configs: [],
  toolchain: [],
  size: { before: 100, after: 100 },
  artifacts: [],
  documents: [],
  programs: [],
  deviceTrees: [],
  sbom: [],
  vulnerabilities: [],
  leftOut: [],
};

const something: Comparison = {
  ...nothing,
  equal: false,
  configs: [
    {
      component: "linux",
      added: [{ option: "CONFIG_KUNIT", before: undefined, after: "y" }],
      removed: [{ option: "CONFIG_DEBUG_FS", before: "y", after: "n" }],
      changed: [],
    },
  ],
  size: { before: 100, after: 160 },
  artifacts: [{ name: "Image", before: 60, after: 120 }],
  programs: [
    {
      program: "debug/vmlinux",
      sections: [{ name: ".text", before: 50, after: 40 }],
      symbols: {
        from: "symbol table",
        added: 1,
        removed: 0,
        growth: -10,
        largest: [{ name: "f", before: 20, after: 10 }],
      },
    },
  ],
};

test("no difference is one line, and says whether the manifests agree", () => {
  expect(renderComparison(nothing, colourless)).toBe("no difference");
  expect(renderComparison({ ...nothing, equal: false }, colourless)).toMatch(
    /^no difference in what is compared/,
  );
  expect(renderMarkdown(nothing)).toBe("## out/a → out/b\n\nno difference");
});

test("tables have only what differs, options in the order of their names", () => {
  expect(renderComparison(something, colourless)).toBe(
    [
      "Config options",
      "component  option           before  after",
      "linux      CONFIG_DEBUG_FS  y       n",
      "linux      CONFIG_KUNIT             y",
      "",
      "Artifacts",
      "artifact  before  after  difference",
      "Image         60    120         +60",
      "total        100    160         +60",
      "",
      "Sections of debug/vmlinux",
      "section  before  after  difference",
      ".text        50     40         -10",
      "",
      "Symbols of debug/vmlinux",
      "symbol  before  after  difference",
      "f           20     10         -10",
      "1 symbols added, 0 removed, -10 bytes in all (from the symbol table)",
    ].join("\n"),
  );
});

test("Markdown aligns numbers and folds long tables", () => {
  const text = renderMarkdown({
    ...something,
    toolchain: Array.from({ length: 21 }, (_, index) => ({ name: `p${index}`, before: "1", after: "2" })),
  });
  expect(text).toContain("| Image | 60 | 120 | +60 |");
  expect(text).toContain("| artifact | before | after | difference |\n| --- | --: | --: | --: |");
  expect(text).toContain("### Toolchain\n\n<details><summary>21 differences</summary>");
});

test("texts of the releases are nothing but text, on a terminal and in Markdown", () => {
  const hostile: Comparison = {
    ...nothing,
    equal: false,
    sbom: [{ name: "a\u001b[31m|b", before: "<img src=x>", after: "@everyone `x` [l](u)" }],
  };
  expect(renderComparison(hostile, colourless)).not.toContain("\u001b");
  const markdown = renderMarkdown(hostile);
  expect(markdown).toContain("a\uFFFD\\[31m\\|b");
  expect(markdown).toContain("&#60;img src=x&#62;");
  expect(markdown).toContain("&#64;everyone \\`x\\` \\[l\\](u)");
});
