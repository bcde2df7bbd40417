import { describe, expect, it } from "vitest";
import { parseVex } from "../../../src/scan/vex.ts";
import { find, told } from "./find.ts";
import { busyboxPurl, osv, sampleInventory } from "./sample.ts";

const inventory = sampleInventory();
const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }] }];
const database = [
  osv("CVE-1-1", { package: { ecosystem: "Linux", name: "Kernel" }, ranges }, { aliases: ["GHSA-1"] }),
  osv(
    "CVE-1-1-b",
    { package: { ecosystem: "x", name: "y", purl: "pkg:generic/busybox" }, ranges },
    { aliases: ["CVE-1-1"] },
  ),
];

function document(...statements: object[]): object {
  return {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://example.org/vex/1",
    author: "somebody",
    timestamp: "2026-05-01T00:00:00Z",
    version: 1,
    statements,
  };
}

const justified = { status: "not_affected", justification: "vulnerable_code_not_in_execute_path" };

describe("an OpenVEX statement", () => {
  it("is about the component that its package URL names, whatever version it leaves out", () => {
    const products = [{ "@id": "pkg:generic/linux" }];
    const vex = document({ vulnerability: { name: "CVE-1-1" }, products, ...justified });
    expect(told(database, inventory, vex)).toEqual([
      "CVE-1-1 busybox affected",
      "CVE-1-1 linux not-affected",
    ]);
    expect(find(database, inventory, vex)[1]?.reason).toBe("VEX: vulnerable_code_not_in_execute_path");
  });

  it("with a version is about that version", () => {
    const about = (version: string) =>
      document({
        vulnerability: { name: "CVE-1-1" },
        products: [{ "@id": `pkg:generic/linux@${version}` }],
        ...justified,
      });
    expect(told(database, inventory, about("6.18.15"))).toContain("CVE-1-1 linux not-affected");
    expect(told(database, inventory, about("6.18.14"))).toContain("CVE-1-1 linux affected");
  });

  it("may name the release, and the component in it", () => {
    const release = {
      "@id": "pkg:generic/nvlab/qemu-virt",
      subcomponents: [{ identifiers: { purl: busyboxPurl } }],
    };
    const one = document({
      vulnerability: { name: "GHSA-1", aliases: ["CVE-1-1"] },
      products: [release],
      ...justified,
    });
    expect(told(database, inventory, one)).toEqual([
      "CVE-1-1 linux affected",
      "CVE-1-1 busybox not-affected",
    ]);
    const all = document({
      vulnerability: { name: "CVE-1-1" },
      products: [{ "@id": "pkg:generic/nvlab/qemu-virt@1.0.0" }],
      status: "fixed",
    });
    expect(told(database, inventory, all)).toEqual(["CVE-1-1 busybox fixed", "CVE-1-1 linux fixed"]);
  });

  it("of another product is not heard", () => {
    const vex = document({
      vulnerability: { name: "CVE-1-1" },
      products: [{ "@id": "pkg:deb/debian/linux" }],
      ...justified,
    });
    expect(told(database, inventory, vex)).toEqual(["CVE-1-1 busybox affected", "CVE-1-1 linux affected"]);
  });

  it("that is the latest counts", () => {
    const products = [{ "@id": "pkg:generic/linux" }];
    const vulnerability = { name: "CVE-1-1" };
    const vex = document(
      { vulnerability, products, timestamp: "2026-05-03T00:00:00Z", status: "affected" },
      { vulnerability, products, timestamp: "2026-05-02T00:00:00Z", ...justified },
    );
    expect(told(database, inventory, vex)).toContain("CVE-1-1 linux affected");
  });

  it("under investigation keeps a finding open", () => {
    const vex = document({
      vulnerability: "CVE-1-1",
      products: ["pkg:generic/linux"],
      status: "under_investigation",
    });
    expect(told(database, inventory, vex)).toContain("CVE-1-1 linux under-investigation");
  });
});

describe("an OpenVEX document that is wrong", () => {
  const read = (value: object) => parseVex(JSON.stringify(value, undefined, 2), "vex.json");

  it("names the place of each fault", () => {
    const result = read(
      document({ vulnerability: { name: "CVE-1-1" }, products: [{ "@id": "pkg:a/b" }], status: "safe" }),
    );
    expect(result).toMatchObject({
      ok: false,
      failures: [{ code: "NVLAB_VEX", at: { file: "vex.json", line: 17 } }],
    });
  });

  it("may not say not_affected without a reason", () => {
    const result = read(
      document({
        vulnerability: { name: "CVE-1-1" },
        products: [{ "@id": "pkg:a/b" }],
        status: "not_affected",
      }),
    );
    expect(JSON.stringify(result)).toContain("not_affected wants a justification");
  });

  it("may be no JSON at all", () => {
    expect(parseVex("{", "vex.json")).toMatchObject({ ok: false, failures: [{ code: "NVLAB_VEX" }] });
  });
});
