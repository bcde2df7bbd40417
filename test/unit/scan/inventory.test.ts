import { describe, expect, it } from "vitest";
import { wasLeftOut } from "../../../src/scan/built.ts";
import { parseCpe } from "../../../src/scan/cpe.ts";
import { debianRelease, repositoryKey } from "../../../src/scan/package-key.ts";
import { parseSbom } from "../../../src/scan/read-inventory.ts";
import { sampleBom, sampleInventory } from "./sample.ts";

describe("an SBOM", () => {
  it("is an inventory of what is in the image and what only made it", () => {
    const inventory = sampleInventory();
    expect(inventory.product).toMatchObject({ name: "qemu-virt", version: "1.0.0" });
    expect(inventory.components.map(({ ref, version, role }) => [ref, version, role])).toEqual([
      ["linux", "6.18.15", "image"],
      ["busybox", "1.37.0", "image"],
      ["opensbi", "1.6", "image"],
      ["glibc", "2.41-12cross1", "image"],
      ["gcc", "14.2.0-19", "build"],
    ]);
    const glibc = inventory.components[3];
    expect([glibc?.debianVersion, glibc?.keys]).toEqual([
      "2.41-12",
      ["purl:deb/debian/libc6-riscv64-cross", "debian:13:glibc", "debian:*:glibc"],
    ]);
  });

  it("has its toolchain in the formulation, by Debian source package", () => {
    const component = {
      type: "application",
      "bom-ref": "root:build/cpp-14:amd64",
      name: "cpp-14",
      version: "14.2.0-19",
      purl: "pkg:deb/debian/cpp-14@14.2.0-19?arch=amd64&distro=trixie",
      properties: [
        { name: "nvlab:debian:source", value: "gcc-14" },
        { name: "nvlab:debian:source-version", value: "14.2.0-20" },
      ],
    };
    const read = parseSbom(
      JSON.stringify({ ...sampleBom, formulation: [{ components: [component] }] }),
      "sbom",
    );
    const found = read.ok ? read.value.components.at(-1) : undefined;
    expect(found).toMatchObject({ role: "build", debianVersion: "14.2.0-20" });
    expect(found?.keys).toContain("debian:13:gcc-14");
  });

  it("may be another producer's: without bom-refs, with one twice, with members that nobody knows", () => {
    const components = [
      { type: "library", name: "a", version: "1", unknown: {} },
      { type: "library", name: "a", version: "1" },
      { type: "library", name: "b", purl: "no package URL", cpe: "no CPE" },
    ];
    const read = parseSbom(
      JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.5", components }),
      "sbom",
    );
    expect(read.ok && read.value.components.map(({ ref, keys }) => [ref, keys])).toEqual([
      ["a@1", []],
      ["a@1#2", []],
      ["no package URL", []],
    ]);
  });

  it("that is damaged says where", () => {
    const bad = (text: string) => parseSbom(text, "sbom.cdx.json");
    expect(bad('{\n  "bomFormat": ')).toMatchObject({
      ok: false,
      failures: [{ code: "NVLAB_SBOM", at: { file: "sbom.cdx.json", line: 2 } }],
    });
    expect(bad('{\n "bomFormat": "SPDX",\n "specVersion": "2.3"\n}')).toMatchObject({
      ok: false,
      failures: [{ at: { line: 2 } }, { at: { line: 3 } }],
    });
    const component = JSON.stringify(
      { bomFormat: "CycloneDX", specVersion: "1.6", components: [{ type: "library" }] },
      undefined,
      1,
    );
    expect(bad(component)).toMatchObject({
      ok: false,
      failures: [{ message: expect.stringMatching(/^components\.0\.name:/) as string }],
    });
    expect(bad("[]")).toMatchObject({ ok: false });
  });
});

describe("names", () => {
  it("of a CPE are taken apart, escapes and all", () => {
    expect(parseCpe("cpe:2.3:a:busybox:busybox:1.37.0:rc1:*:*:*:*:*:*")).toEqual({
      vendor: "busybox",
      product: "busybox",
      version: "1.37.0-rc1",
    });
    expect(parseCpe("cpe:2.3:o:a\\:b:C:*:*:*:*:*:*:*:*")).toEqual({ vendor: "a:b", product: "c" });
    for (const text of ["cpe:/a:b:c:1", "cpe:2.3:a:b", "cpe:2.3:x:b:c:1:*:*:*:*:*:*:*", ""])
      expect(parseCpe(text)).toBeUndefined();
  });

  it("of a repository are the same in every spelling of its address", () => {
    const spellings = [
      "https://github.com/U-Boot/u-boot.git",
      "git+https://github.com/u-boot/u-boot@v1",
      "git@github.com:u-boot/u-boot",
      "ssh://git@github.com/u-boot/u-boot/",
      "git://github.com/u-boot/u-boot.git#main",
    ];
    expect(new Set(spellings.map(repositoryKey))).toEqual(new Set(["git:github.com/u-boot/u-boot"]));
    expect(repositoryKey("not an address")).toBeUndefined();
  });

  it("of a Debian release are its number", () => {
    expect(
      ["trixie", "trixie-backports", "debian-13", "debian-13.1", "13", "sid"].map(debianRelease),
    ).toEqual(["13", "13", "13", "13", "13", "sid"]);
  });
});

describe("what was left out of a build", () => {
  const compiled = new Set(["kernel/fork.c", "arch/riscv/kernel/entry.S"]);

  it("is known where all files are of their own and none was compiled", () => {
    expect(wasLeftOut(["drivers/a.c", "drivers/b.S"], compiled)).toBe(true);
    expect(wasLeftOut(["drivers/a.c", "kernel/fork.c"], compiled)).toBe(false);
    expect(wasLeftOut(["kernel/fork.c"], new Set(["/usr/src/linux/kernel/fork.c"]))).toBe(false);
  });

  it("cannot be told of headers, or where nobody says what was compiled", () => {
    expect(wasLeftOut(["drivers/a.c", "include/a.h"], compiled)).toBeUndefined();
    expect(wasLeftOut(["include/a.h"], new Set(["kernel/fork.c", "include/b.h"]))).toBe(true);
    expect(wasLeftOut(["drivers/a.c"], undefined)).toBeUndefined();
    expect(wasLeftOut([], compiled)).toBeUndefined();
    expect(wasLeftOut(["drivers/a.c"], new Set(["/boot/vmlinuz"]))).toBeUndefined();
  });
});
