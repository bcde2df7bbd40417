import { expect, it } from "vitest";
import { isOlder } from "../../../src/trust/version-order.ts";

it("versions have the order of SemVer 2.0.0", () => {
  const ordered = [
    "0.9.9",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.10",
    "1.2.0",
    "1.10.0",
    "10.0.0",
    "100000000000000000001.0.0",
  ];
  for (const [index, version] of ordered.entries()) {
    for (const [other, floor] of ordered.entries()) expect(isOlder(version, floor)).toBe(index < other);
  }
});

it("what is built makes no version older", () => {
  expect(isOlder("1.0.0+1", "1.0.0+2")).toBe(false);
  expect(isOlder("1.0.0+2", "1.0.0+1")).toBe(false);
});
