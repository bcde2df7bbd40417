import { expect, test } from "vitest";
import { cacheFolder, isCi } from "../../../src/cli/environment.ts";
import {
  collect,
  localSource,
  jobCount,
  milliseconds,
  positiveInteger,
  seconds,
  size,
} from "../../../src/cli/parse-value.ts";

test.each([
  ["the option", "here", { NVLAB_CACHE_DIR: "/env" }, "/somewhere/here"],
  ["NVLAB_CACHE_DIR", undefined, { NVLAB_CACHE_DIR: "/env", XDG_CACHE_HOME: "/xdg" }, "/env"],
  ["XDG_CACHE_HOME", undefined, { XDG_CACHE_HOME: "/xdg" }, "/xdg/nvlab"],
  [
    "the home folder, for a relative XDG_CACHE_HOME",
    undefined,
    { XDG_CACHE_HOME: "xdg" },
    "/home/me/.cache/nvlab",
  ],
  [
    "the home folder, for empty variables",
    undefined,
    { NVLAB_CACHE_DIR: "", XDG_CACHE_HOME: "" },
    "/home/me/.cache/nvlab",
  ],
])("the cache is where %s says", (_who, option, environment, expected) => {
  expect(cacheFolder(option, environment, "/somewhere", "/home/me")).toBe(expected);
});

test("CI is set unless it is empty or says no", () => {
  expect([undefined, "", "false", "0"].map((CI) => isCi({ CI }))).toEqual([false, false, false, false]);
  expect(["true", "1", "woodpecker"].map((CI) => isCi({ CI }))).toEqual([true, true, true]);
});

test("sizes are in powers of 1024", () => {
  expect(["100", "1K", "1.5M", "20G", "1GiB", "2t"].map(size)).toEqual([
    100,
    1024,
    1.5 * 2 ** 20,
    20 * 2 ** 30,
    2 ** 30,
    2 * 2 ** 40,
  ]);
  expect(() => size("-1")).toThrow();
});

test("times are in seconds unless a letter says otherwise", () => {
  expect(["90", "90s", "5m", "12h", "30d", "2w"].map(seconds)).toEqual([
    90, 90, 300, 43_200, 2_592_000, 1_209_600,
  ]);
  expect(milliseconds("1.5s")).toBe(1500);
  expect(() => seconds("1y")).toThrow();
});

test("numbers are whole and not zero; those of jobs have an end that seconds and processes do not have", () => {
  expect(jobCount("16")).toBe(16);
  expect(() => jobCount("5000")).toThrow("at most 4096");
  expect(positiveInteger("1700000000")).toBe(1_700_000_000);
  expect(positiveInteger("4194303")).toBe(4_194_303);
  for (const wrong of ["0", "-1", "1.5", "", "1e3", "0x10"]) expect(() => positiveInteger(wrong)).toThrow();
});

test("local sources and repeated options are gathered in order", () => {
  const first = localSource("linux=../linux", undefined);
  expect(localSource("opensbi=/a=b", first)).toEqual([
    { component: "linux", directory: "../linux" },
    { component: "opensbi", directory: "/a=b" },
  ]);
  for (const wrong of ["linux", "=dir", "linux="]) expect(() => localSource(wrong, undefined)).toThrow();
  expect(collect("b", collect("a", undefined))).toEqual(["a", "b"]);
});
