import { describe, expect, it } from "vitest";
import { find, told } from "./find.ts";
import { glibcPurl, osv, sampleInventory } from "./sample.ts";

const inventory = sampleInventory();

describe("an OSV record", () => {
  it("concerns versions between its events, in whatever order they stand", () => {
    const kernel = { ecosystem: "Linux", name: "Kernel" };
    const range = (...events: object[]) =>
      osv("CVE-1-1", { package: kernel, ranges: [{ type: "ECOSYSTEM", events }] });
    const affected = ["CVE-1-1 linux affected"];
    expect(told(range({ introduced: "6.18" }, { fixed: "6.18.16" }), inventory)).toEqual(affected);
    expect(told(range({ fixed: "6.18.16" }, { introduced: "6.18" }), inventory)).toEqual(affected);
    expect(told(range({ introduced: "0" }, { fixed: "6.18.15" }), inventory)).toEqual([]);
    expect(told(range({ introduced: "0" }, { last_affected: "6.18.15" }), inventory)).toEqual(affected);
    expect(told(range({ introduced: "0" }, { last_affected: "6.18.14" }), inventory)).toEqual([]);
    expect(told(range({ introduced: "6.18.15" }), inventory)).toEqual(affected);
    expect(told(range({ introduced: "6.18.16" }), inventory)).toEqual([]);
    expect(
      told(
        range({ introduced: "0" }, { fixed: "6.12.80" }, { introduced: "6.13" }, { fixed: "6.18.20" }),
        inventory,
      ),
    ).toEqual(affected);
    expect(
      told(
        range({ introduced: "0" }, { fixed: "6.18.10" }, { introduced: "6.19" }, { fixed: "6.19.3" }),
        inventory,
      ),
    ).toEqual([]);
  });

  it("says in which version the fault is mended", () => {
    const events = [{ introduced: "0" }, { fixed: "6.12.80" }, { introduced: "6.13" }, { fixed: "6.18.20" }];
    const record = osv("CVE-1-1", {
      package: { ecosystem: "Linux", name: "Kernel" },
      ranges: [{ type: "ECOSYSTEM", events }],
    });
    expect(find(record, inventory)[0]?.fixed).toBe("6.18.20");
  });

  it("may list versions, as tags too", () => {
    const tagged = (...versions: string[]) =>
      osv("CVE-1-2", {
        ranges: [
          {
            type: "GIT",
            repo: "https://github.com/riscv-software-src/opensbi.git",
            events: [{ introduced: "0" }],
          },
        ],
        versions,
      });
    expect(told(tagged("v1.5", "v1.6"), inventory)).toEqual(["CVE-1-2 opensbi affected"]);
    expect(told(tagged("v1.5"), inventory)).toEqual([]);
  });

  it("of commits alone decides nothing, and that is said", () => {
    const record = osv("CVE-1-3", {
      ranges: [
        {
          type: "GIT",
          repo: "https://github.com/riscv-software-src/opensbi",
          events: [{ introduced: "0" }, { fixed: "a".repeat(40) }],
        },
      ],
    });
    expect(told(record, inventory)).toEqual(["CVE-1-3 opensbi undecided"]);
  });

  it("of a Debian release concerns packages of that release, by the version of their source", () => {
    const glibc = (ecosystem: string, fixed: string) =>
      osv(
        "DEBIAN-CVE-1-4",
        {
          package: { ecosystem, name: "glibc" },
          ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }],
        },
        { upstream: ["CVE-1-4"] },
      );
    expect(told(glibc("Debian:13", "2.41-12+deb13u1"), inventory)).toEqual(["CVE-1-4 glibc affected"]);
    expect(told(glibc("Debian:13", "2.41-12"), inventory)).toEqual([]);
    expect(told(glibc("Debian:12", "2.41-99"), inventory)).toEqual([]);
    expect(told(glibc("Debian", "2.41-99"), inventory)).toEqual(["CVE-1-4 glibc affected"]);
  });

  it("names a package by its package URL", () => {
    const purl = glibcPurl.split("@")[0];
    const record = osv("CVE-1-5", {
      package: { ecosystem: "Somebody's", name: "x", purl },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }] }],
    });
    expect(told(record, inventory)).toEqual(["CVE-1-5 glibc affected"]);
  });

  it("that was withdrawn is passed over", () => {
    const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }] }];
    const record = osv(
      "CVE-1-6",
      { package: { ecosystem: "Linux", name: "Kernel" }, ranges },
      { withdrawn: "2026-02-01T00:00:00Z" },
    );
    expect(told(record, inventory)).toEqual([]);
  });

  it("and another of the same vulnerability are one finding, with the worse severity", () => {
    const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }] }];
    const kernel = { package: { ecosystem: "Linux", name: "Kernel" }, ranges };
    const found = find(
      [
        osv("GHSA-aaaa", kernel, { aliases: ["CVE-1-7"], database_specific: { severity: "LOW" } }),
        osv("GSD-1-7", kernel, { aliases: ["GHSA-aaaa"], database_specific: { severity: "HIGH" } }),
        osv("CVE-1-7", kernel),
      ],
      inventory,
    );
    expect(found.map(({ id, aliases, severity }) => [id, aliases, severity.level])).toEqual([
      ["CVE-1-7", ["GHSA-aaaa", "GSD-1-7"], "high"],
    ]);
  });

  it("that a distribution made of several vulnerabilities is none of them", () => {
    const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }] }];
    const kernel = { package: { ecosystem: "Linux", name: "Kernel" }, ranges };
    const database = [osv("DSA-1", kernel, { upstream: ["CVE-1-8", "CVE-1-9"] }), osv("CVE-1-8", kernel)];
    expect(told(database, inventory)).toEqual(["CVE-1-8 linux affected", "DSA-1 linux affected"]);
  });
});
