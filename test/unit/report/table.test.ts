import fc from "fast-check";
import { expect, test } from "vitest";
import { colourful } from "../../../src/report/palette.ts";
import { renderTable } from "../../../src/report/table.ts";
import { textWidth, truncate, withoutEscapes } from "../../../src/report/text-width.ts";

test("columns are as wide as their widest cell, numbers stand right, no line ends in a space", () => {
  const text = renderTable(
    [{ title: "name" }, { title: "size", align: "right" }, { title: "note" }],
    [
      ["Image", "12.0 MiB", ""],
      ["fw_dynamic.bin", "9 B", "x"],
    ],
  );
  expect(text).toBe(
    ["name                size  note", "Image           12.0 MiB", "fw_dynamic.bin       9 B  x"].join("\n"),
  );
});

test("a cell with several lines makes its row higher", () => {
  expect(
    renderTable(
      [{ title: "a" }, { title: "b" }],
      [
        ["1\n2", "x"],
        ["3", "y"],
      ],
    ),
  ).toBe("a  b\n1  x\n2\n3  y");
});

test("a table without rows is its head line", () => {
  expect(renderTable([{ title: "a" }, { title: "b" }], [])).toBe("a  b");
});

test("missing cells are empty", () => {
  expect(renderTable([{ title: "a" }, { title: "b" }], [["1"]])).toBe("a  b\n1");
});

test("colours and wide characters do not shift what is behind them", () => {
  const text = renderTable(
    [{ title: "a" }, { title: "b" }],
    [
      [colourful("red", "漢字"), "x"],
      ["abcd", "y"],
      ["e\u0301", "z"],
    ],
  );
  expect(withoutEscapes(text)).toBe("a     b\n漢字  x\nabcd  y\ne\u0301     z");
});

test("every line of a table starts its last column at the same place", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { minLength: 1 }), (names) => {
      const cells = names.map((name) => name.replace(/\s|\p{Control}/gu, "_"));
      const lines = renderTable(
        [{ title: "n" }, { title: "v" }],
        cells.map((cell) => [cell, "|"]),
      ).split("\n");
      expect(new Set(lines.slice(1).map((line) => textWidth(line))).size).toBe(1);
    }),
  );
});

test("text that is too long ends in an ellipsis within the columns", () => {
  expect(truncate("abcdef", 4)).toBe("abc…");
  expect(truncate("漢字漢字", 4)).toBe("漢…");
  expect(truncate("abcd", 4)).toBe("abcd");
});
