import { expect, test } from "vitest";
import { count, elapsed, humanDuration, humanSize } from "../../../src/report/measure.ts";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [157_422_084, "150.1 MiB"],
  [1024 * 1024 - 1, "1.0 MiB"],
  [750 * 2 ** 30, "750.0 GiB"],
  [2 ** 50, "1024.0 TiB"],
])("%i bytes are read as %s", (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});

test.each([
  [-5, "0.0 s"],
  [49, "0.0 s"],
  [12_345, "12.3 s"],
  [59_949, "59.9 s"],
  [59_960, "1 min 0 s"],
  [125_000, "2 min 5 s"],
  [3_600_000, "1 h 0 min"],
  [3_720_000, "1 h 2 min"],
])("%i ms are read as %s", (milliseconds, text) => {
  expect(humanDuration(milliseconds)).toBe(text);
});

test("the clock in the margin keeps its width for 1000 minutes", () => {
  expect(elapsed(7_349)).toBe("  0:07.3");
  expect(elapsed(754_500)).toBe(" 12:34.5");
  expect(elapsed(59_999_000)).toBe("999:59.0");
});

test("a count has its noun in the right number", () => {
  expect([count(0, "file"), count(1, "file"), count(2, "file")]).toEqual(["0 files", "1 file", "2 files"]);
});
