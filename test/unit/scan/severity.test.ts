import { describe, expect, it, test } from "vitest";
import { failing } from "../../../src/scan/fail-level.ts";
import { severityOfVector, severityOfWord, worse } from "../../../src/scan/severity.ts";
import { find } from "./find.ts";
import { osv, sampleInventory } from "./sample.ts";

/** Vectors and scores as FIRST's examples and calculator have them. */
test.each([
  ["CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N", 5.4, "medium"],
  ["CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, "medium"],
  ["CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8, "high"],
  ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10, "critical"],
  ["CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5, "high"],
  ["CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0, "none"],
  ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, "critical"],
  ["CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3, "high"],
  ["AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8, "high"],
])("%s scores %s, which is %s", (vector, score, level) => {
  expect(severityOfVector(vector)).toEqual({ score, level, vector });
});

describe("severity", () => {
  it("is unknown of what is no vector", () => {
    for (const text of [
      "",
      "9.8",
      "CVSS:3.1/AV:Q",
      "CVSS:9.9/AV:N",
      "CVSS:4.0/",
      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
    ])
      expect(severityOfVector(text)?.score, text).toBeUndefined();
  });

  it("takes the words of GitHub and Debian", () => {
    expect(
      ["MODERATE", "high**", "unimportant", "not yet assigned"].map((word) => severityOfWord(word)?.level),
    ).toEqual(["medium", "high", "none", undefined]);
  });

  it("is the worse of two, and of two equal ones the one with a score", () => {
    const scored = { level: "high", score: 7.8 } as const;
    expect(worse({ level: "high" }, scored)).toBe(scored);
    expect(worse(scored, { level: "critical" }).level).toBe("critical");
    expect(worse({ level: "unknown" }, { level: "low" }).level).toBe("low");
  });
});

test("an open finding fails from its severity on, and one in a build tool only on request", () => {
  const all = { introduced: "0" };
  const ranges = [{ type: "ECOSYSTEM", events: [all] }];
  const database = [
    osv(
      "CVE-1-1",
      { package: { ecosystem: "Linux", name: "Kernel" }, ranges },
      { severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" }] },
    ),
    osv("CVE-1-2", { package: { ecosystem: "Linux", name: "Kernel" }, ranges }),
    osv(
      "CVE-1-3",
      { package: { ecosystem: "Debian:13", name: "gcc-14" }, ranges },
      { database_specific: { severity: "CRITICAL" } },
    ),
  ];
  const found = find(database, sampleInventory());
  const names = (level: Parameters<typeof failing>[1], builds = false): string[] =>
    failing(found, level, builds).map(({ id }) => id);
  expect(names("critical")).toEqual([]);
  expect(names("high")).toEqual(["CVE-1-1"]);
  expect(names("any")).toEqual(["CVE-1-1", "CVE-1-2"]);
  expect(names("critical", true)).toEqual(["CVE-1-3"]);
});
