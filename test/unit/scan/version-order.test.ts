import { expect, test } from "vitest";
import { compareIn, type VersionOrder } from "../../../src/scan/version-order.ts";

function sorted(order: VersionOrder, ...versions: string[]): string[] {
  return [...versions].reverse().sort((a, b) => compareIn(order, a, b));
}

test("SemVer puts what is before a version before it, and its parts in order", () => {
  const versions = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
  ];
  expect(sorted("semver", ...versions, "1.0.0", "1.0.1", "1.10.0", "2.0.0")).toEqual([
    ...versions,
    "1.0.0",
    "1.0.1",
    "1.10.0",
    "2.0.0",
  ]);
  expect(compareIn("semver", "1.0.0+build1", "1.0.0+build2")).toBe(0);
  expect(compareIn("semver", "1.6", "1.6.0")).toBe(0);
});

test("upstream versions count by numbers, with candidates before and letters after", () => {
  const versions = ["2024.10", "2025.01-rc3", "2025.01", "2025.01.1", "2025.04"];
  expect(sorted("upstream", ...versions)).toEqual(versions);
  expect(sorted("upstream", "6.9", "6.18-rc7", "6.18", "6.18.2", "6.18.15", "6.19")).toEqual([
    "6.9",
    "6.18-rc7",
    "6.18",
    "6.18.2",
    "6.18.15",
    "6.19",
  ]);
  expect(sorted("upstream", "1.1.1", "1.1.1a", "1.1.1k")).toEqual(["1.1.1", "1.1.1a", "1.1.1k"]);
  expect(sorted("upstream", "2.0b3", "2.0")).toEqual(["2.0b3", "2.0"]);
});

test("a tag is the version in it", () => {
  for (const tag of ["v1.36.0", "1_36_0", "busybox-1.36.0", "Busybox 1.36.0", "1.36"])
    expect(compareIn("upstream", tag, "1.36.0"), tag).toBe(0);
});

test("Debian's order knows epoch, tilde and revision", () => {
  const versions = ["9.9-1", "1:1.0~rc1-1", "1:1.0-1~bpo13+1", "1:1.0-1", "1:1.0-1+deb13u1", "1:1.0-2"];
  expect(sorted("debian", ...versions)).toEqual(versions);
});
