import fc from "fast-check";
import { expect, test } from "vitest";
import { commonVersion, formatVersion, parseVersion } from "../../../src/contract/version.ts";

const version = fc.record({ major: fc.nat(), minor: fc.nat() });

test("any minor version of the same major one is taken, and the smaller of the two is used", () => {
  expect(commonVersion({ major: 1, minor: 2 }, { major: 1, minor: 0 })).toEqual({ major: 1, minor: 0 });
  expect(commonVersion({ major: 1, minor: 0 }, { major: 1, minor: 2 })).toEqual({ major: 1, minor: 0 });
  expect(commonVersion({ major: 1, minor: 2 }, { major: 1, minor: 2 })).toEqual({ major: 1, minor: 2 });
});

test("another major version is refused, whatever the minor ones are", () => {
  expect(commonVersion({ major: 1, minor: 5 }, { major: 2, minor: 5 })).toBeUndefined();
  expect(commonVersion({ major: 2, minor: 0 }, { major: 1, minor: 9 })).toBeUndefined();
});

test("both sides come to the same version", () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(commonVersion(a, b)).toEqual(commonVersion(b, a));
    }),
  );
});

test("a version that is written is read as the same", () => {
  fc.assert(
    fc.property(version, (one) => {
      expect(parseVersion(formatVersion(one))).toEqual(one);
    }),
  );
});

test.each(["", "1", "1.", ".1", "1.0.0", "01.0", "1.00", "v1.0", "1.0 ", "-1.0", "1.0\n"])(
  "%j is no version",
  (text) => {
    expect(parseVersion(text)).toBeUndefined();
  },
);
