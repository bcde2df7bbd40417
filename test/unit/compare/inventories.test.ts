import { expect, test } from "vitest";
import { compareFindings, compareInventories } from "../../../src/compare/inventories.ts";
import { parseSbom } from "../../../src/scan/read-inventory.ts";
import { find } from "../scan/find.ts";
import { osv, sampleBom, sampleInventory } from "../scan/sample.ts";

function updated() {
  const components = sampleBom.components
    .filter(({ name }) => name !== "opensbi")
    .map((component) =>
      component.name === "linux"
        ? {
            ...component,
            version: "6.18.20",
            purl: "pkg:generic/linux@6.18.20",
            cpe: "cpe:2.3:o:linux:linux_kernel:6.18.20:*:*:*:*:*:*:*",
          }
        : component,
    );
  const read = parseSbom(JSON.stringify({ ...sampleBom, components }), "sbom.cdx.json");
  if (!read.ok) throw new Error(JSON.stringify(read.failures));
  return read.value;
}

test("SBOMs tell what came, went or has another version", () => {
  expect(compareInventories(sampleInventory(), updated())).toEqual([
    { name: "linux", before: "6.18.15", after: "6.18.20" },
    { name: "opensbi", before: "1.6", after: undefined },
  ]);
  expect(compareInventories(sampleInventory(), sampleInventory())).toEqual([]);
});

test("known vulnerabilities are told where they came or went", () => {
  const kernel = (id: string, introduced: string, fixed: string) =>
    osv(id, {
      package: { ecosystem: "Linux", name: "Kernel" },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced }, { fixed }] }],
    });
  const database = [
    kernel("CVE-1-1", "0", "6.18.16"),
    kernel("CVE-1-2", "6.18.18", "6.18.30"),
    kernel("CVE-1-3", "0", "6.19"),
  ];
  const changes = compareFindings(find(database, sampleInventory()), find(database, updated()));
  expect(changes.map(({ id, before, after }) => [id, before, after])).toEqual([
    ["CVE-1-1", "affected", undefined],
    ["CVE-1-2", undefined, "affected"],
  ]);
});
