import { expect, test } from "vitest";
import { candidatePath } from "../../../src/archive/bundle/archive-licences.ts";
import { plainPath } from "../../../src/archive/bundle/bundle-file.ts";
import { linkedLibraries } from "../../../src/archive/bundle/linked-libraries.ts";
import { filesOfVersion } from "../../../src/archive/bundle/source-package.ts";
import { csvField, licenceCsv, licenceMarkdown } from "../../../src/archive/bundle/tables.ts";
import { smallLock } from "../../support/project.ts";

const sources = `Package: glibc
Version: 2.41-11
Extra-Source-Only: yes
Directory: pool/main/g/glibc
Checksums-Sha256:
 ${"a".repeat(64)} 7550 glibc_2.41-11.dsc
 ${"b".repeat(64)} 19 glibc_2.41.orig.tar.xz

Package: glibc
Version: 2.41-12
Directory: pool/main/g/glibc
Checksums-Sha256:
 ${"c".repeat(64)} 7551 glibc_2.41-12.dsc
`;

test("the files of exactly one version of a source package are found", () => {
  const asked = { name: "glibc", version: "2.41-11", suite: "trixie" };
  expect(filesOfVersion(sources, asked)).toEqual([
    {
      file: "glibc_2.41-11.dsc",
      size: 7550,
      sha256: "a".repeat(64),
      pool: "pool/main/g/glibc/glibc_2.41-11.dsc",
    },
    {
      file: "glibc_2.41.orig.tar.xz",
      size: 19,
      sha256: "b".repeat(64),
      pool: "pool/main/g/glibc/glibc_2.41.orig.tar.xz",
    },
  ]);
  expect(filesOfVersion(sources, { ...asked, version: "2.41-1" })).toEqual([]);
});

test("names in an archive that lead outside are no licences", () => {
  expect(candidatePath("linux-6/LICENSES/preferred/MIT", 1)).toBe("LICENSES/preferred/MIT");
  expect(candidatePath("./COPYING", 0)).toBe("COPYING");
  for (const name of ["../COPYING", "a/../../COPYING", "/COPYING", "a/main.c", "COPYING"])
    expect(candidatePath(name, 1)).toBeUndefined();
});

test("a path of a bundle has only plain parts", () => {
  expect(plainPath("a b/../c\n/./LICENSE-1.0~x+y")).toBe("a_b/_/c_/_/LICENSE-1.0~x+y");
});

const cross = {
  ...{ architecture: "all", suite: "trixie", size: 1, sha256: "9".repeat(64) },
  ...{ name: "libc6-dev-riscv64-cross", version: "2.41-11cross1", pool: "pool/x" },
  ...{
    source: "cross-toolchain-base",
    sourceVersion: "77",
    builtUsing: "gcc-14 (= 14.2.0-19), glibc (= 2.41-11)",
  },
};
const lock = {
  ...smallLock,
  roots: { build: { recipe: "0".repeat(64), archiveTime: 1, packages: [cross] } },
};

test("the libraries are those that the SBOM names, by the version of their code", () => {
  const sbom = (purl: string): string => JSON.stringify({ components: [{ purl }, { name: "no purl" }] });
  const glibc = "pkg:deb/debian/glibc@2.41-11?arch=source&distro=trixie";
  const found = linkedLibraries(sbom(glibc), lock, ["build"]);
  expect(found.certain).toBe(true);
  expect(found.libraries.map(({ library }) => [library.name, library.version])).toEqual([
    ["glibc", "2.41-11"],
  ]);
  expect(linkedLibraries(sbom("pkg:deb/debian/musl@1"), lock, ["build"]).libraries).toEqual([]);
});

test("without an SBOM all libraries that could have been linked are taken, and it is said", () => {
  const found = linkedLibraries(undefined, lock, ["build"]);
  expect(found.certain).toBe(false);
  expect(found.libraries.map(({ library }) => library.name)).toEqual(["glibc"]);
});

const entry = {
  name: "busybox",
  version: "1.37.0",
  license: "GPL-2.0-only",
  kind: "component",
  sources: ["sources/busybox/busybox.tar"],
  texts: ["licenses/busybox/LICENSE"],
  note: 'with "quotes", and a comma',
} as const;

test("the table is CSV that a spreadsheet does not run", () => {
  expect(csvField("=cmd()")).toBe("'=cmd()");
  expect(licenceCsv([entry])).toBe(
    "name,version,kind,license,sources,texts,note\r\n" +
      'busybox,1.37.0,component,GPL-2.0-only,sources/busybox/busybox.tar,licenses/busybox/LICENSE,"with ""quotes"", and a comma"\r\n',
  );
});

test("the table for people links sources and texts, and no cell ends early", () => {
  const table = licenceMarkdown([{ ...entry, note: "a | b\nc" }]);
  expect(table).toContain("[busybox.tar](sources/busybox/busybox.tar)");
  expect(table).toContain("[LICENSE](licenses/busybox/LICENSE)");
  expect(table).toContain("| a \\| b c |");
});
