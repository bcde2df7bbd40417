import { describe, expect, it } from "vitest";
import { licenceDocuments, type LicenceSources } from "../../../src/publish/licence-documents.ts";
import { temporaryFolder } from "../../support/project.ts";
import { sampleInput } from "../sbom/sample.ts";

const { manifest, linked } = sampleInput();
const libraries = [...linked.values()].flat();

const sources = (change: Partial<LicenceSources> = {}): LicenceSources => ({
  components: manifest.components,
  trees: new Map([
    ["opensbi", [temporaryFolder({ "COPYING.BSD": "bsd", "sub dir/LICENSE": "a", "sub:dir/LICENSE": "b" })]],
    ["busybox", [temporaryFolder({ "main.c": "int x;" })]],
  ]),
  libraries,
  roots: [temporaryFolder({ "usr/share/doc/make/copyright": "glibc's" })],
  projects: new Map([["lab", temporaryFolder({ "LICENSES/MIT.txt": "mit" })]]),
  ...change,
});

describe("the licences of a release", () => {
  it("are those of the sources, of linked libraries and of the project, under names that a manifest allows", () => {
    const made = licenceDocuments(sources());
    expect(made.ok && [...made.value.files.keys()].sort()).toEqual([
      "licenses/README.md",
      "licenses/glibc-2.41-11/copyright",
      "licenses/lab/LICENSES/MIT.txt",
      "licenses/opensbi/COPYING.BSD",
      "licenses/opensbi/sub_dir/LICENSE",
      "licenses/opensbi/sub_dir/LICENSE.2",
    ]);
  });

  it("are in a table with the SPDX expressions and links to the texts", () => {
    const made = licenceDocuments(sources());
    const table = made.ok ? made.value.files.get("licenses/README.md")?.toString() : undefined;
    expect(table).toContain("| opensbi | 1.6 | BSD-2-Clause | [COPYING.BSD](opensbi/COPYING.BSD), ");
    expect(table).toContain("| glibc | 2.41-11 | LGPL-2.1-or-later | [copyright](glibc-2.41-11/copyright) |");
  });

  it("that were not found in a source are told of, and without a library's there is no release", () => {
    const made = licenceDocuments(sources());
    expect(made.ok && made.value.without).toEqual(["busybox"]);
    expect(licenceDocuments(sources({ roots: [temporaryFolder()] }))).toMatchObject({
      ok: false,
      failures: [{ code: "NVLAB_RELEASE" }],
    });
  });
});
