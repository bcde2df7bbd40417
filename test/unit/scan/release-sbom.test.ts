import { expect, test } from "vitest";
import { composeSbom } from "../../../src/sbom/compose.ts";
import type { Inventory } from "../../../src/scan/inventory.ts";
import { parseSbom } from "../../../src/scan/read-inventory.ts";
import { sampleInput } from "../sbom/sample.ts";
import { find, told } from "./find.ts";

/** What a scan sees of the SBOM that `nvlab release` makes. */
function releaseInventory(): Inventory {
  const read = parseSbom(composeSbom(sampleInput()), "sbom.cdx.json");
  if (!read.ok) throw new Error(JSON.stringify(read.failures));
  return read.value;
}

function kernelRecord(cveId: string, programFiles: readonly string[]): object {
  const affected = [
    { vendor: "Linux", product: "Linux", defaultStatus: "affected", programFiles, versions: [] },
  ];
  return {
    dataType: "CVE_RECORD",
    cveMetadata: { cveId, state: "PUBLISHED" },
    containers: { cna: { affected } },
  };
}

test("images, their static libraries and the toolchain are told apart", () => {
  const { components, product } = releaseInventory();
  const of = (role: string): string[] =>
    components.filter((one) => one.role === role).map(({ name }) => name);
  expect(product).toMatchObject({ ref: "release", name: "qemu-virt", version: "1.2.0" });
  expect(of("image").sort()).toEqual(["busybox", "glibc", "linux", "opensbi"]);
  expect(of("build").length).toBeGreaterThan(0);
  expect(
    components
      .filter(({ role }) => role === "build")
      .every(({ debianVersion }) => debianVersion !== undefined),
  ).toBe(true);
});

test("the kernel is known by what was compiled of it, whatever its package URL", () => {
  const linux = releaseInventory().components.find(({ name }) => name === "linux");
  expect(linux?.compiled).toEqual(new Set(["drivers/misc/nv.c", "init/main.c"]));
});

test("a patch that says what it resolves resolves it", () => {
  const record = {
    id: "CVE-2026-0001",
    modified: "2026-01-01T00:00:00Z",
    affected: [
      {
        package: { ecosystem: "x", name: "x", purl: "pkg:github/riscv-software-src/opensbi" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
      },
    ],
  };
  const [found] = find(record, releaseInventory());
  expect(found).toMatchObject({ state: "fixed", reason: "patched: patches/opensbi/0001-banner.patch" });
});

test("a linked library is looked up as Debian's source and as upstream's product", () => {
  const tracker = { glibc: { "CVE-2026-2000": { releases: { trixie: { status: "open" } } } } };
  expect(told(tracker, releaseInventory())).toEqual([
    expect.stringMatching(/^CVE-2026-2000 pkg:deb\/debian\/glibc@.* affected$/) as unknown,
  ]);
  const affected = [
    {
      vendor: "GNU",
      product: "glibc",
      defaultStatus: "unaffected",
      versions: [{ version: "2.30", lessThanOrEqual: "2.41", status: "affected" }],
    },
  ];
  const record = {
    dataType: "CVE_RECORD",
    cveMetadata: { cveId: "CVE-2026-2001", state: "PUBLISHED" },
    containers: { cna: { affected } },
  };
  expect(find(record, releaseInventory()).map(({ component }) => component.name)).toEqual(["glibc"]);
});

test("a kernel record finds the kernel, and passes over what was not compiled", () => {
  const inventory = releaseInventory();
  const states = (files: readonly string[]): string[] =>
    find(kernelRecord("CVE-2026-3000", files), inventory).map(
      ({ component, state }) => `${component.name} ${state}`,
    );
  expect(states(["init/main.c"])).toEqual(["linux affected"]);
  expect(states(["drivers/net/none.c"])).toEqual(["linux not-built"]);
});
