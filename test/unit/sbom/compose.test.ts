import { JsonStrictValidator } from "@cyclonedx/cyclonedx-library/Validation";
import { Version } from "@cyclonedx/cyclonedx-library/Spec";
import { describe, expect, it } from "vitest";
import { composeSbom } from "../../../src/sbom/compose.ts";
import { resolvedBy } from "../../../src/sbom/pedigree.ts";
import { sampleInput } from "./sample.ts";

interface Component {
  readonly type: string;
  readonly name: string;
  readonly "bom-ref"?: string;
  readonly components?: readonly Component[];
  readonly [member: string]: unknown;
}

interface Sbom {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly formulation: readonly {
    readonly components: readonly Component[];
    readonly workflows: readonly { readonly outputs: unknown }[];
  }[];
}

const text = composeSbom(sampleInput());
const sbom = JSON.parse(text) as Sbom;
const component = (ref: string): Component | undefined =>
  sbom.components.find((one) => one["bom-ref"] === ref);

describe("the SBOM", () => {
  it("keeps the official schema of CycloneDX 1.6", async () => {
    expect(text).toContain('"specVersion": "1.6"');
    expect(await new JsonStrictValidator(Version.v1dot6).validate(text)).toBeNull();
    const broken = text.replace('"type": "firmware"', '"type": "potato"');
    expect(await new JsonStrictValidator(Version.v1dot6).validate(broken)).not.toBeNull();
  });

  it("is the same text each time, with the epoch as its time, and another serial number for other contents", () => {
    expect(composeSbom(sampleInput())).toBe(text);
    expect(sbom.metadata.timestamp).toBe("2026-01-01T00:00:00.000Z");
    const other = JSON.parse(composeSbom(sampleInput({ version: "0.2.0" }))) as Sbom;
    expect(sbom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(other.serialNumber).not.toBe(sbom.serialNumber);
  });

  it("says of a component what it is, where it came from and how it was changed", () => {
    expect(component("component:opensbi")).toMatchObject({
      type: "firmware",
      version: "1.6",
      cpe: "cpe:2.3:o:riscv:opensbi:1.6:*:*:*:*:*:*:*",
      purl: "pkg:github/riscv-software-src/opensbi@v1.6",
      licenses: [{ expression: "BSD-2-Clause" }],
      externalReferences: [
        {
          type: "source-distribution",
          url: "pool/main/o/opensbi/opensbi_1.6.orig.tar.gz",
          hashes: [{ alg: "SHA-256", content: "d".repeat(64) }],
        },
        { type: "source-distribution" },
      ],
      pedigree: {
        ancestors: [{ name: "opensbi", version: "1.6" }],
        patches: [
          {
            type: "unofficial",
            diff: { url: "patches/opensbi/0001-banner.patch" },
            resolves: [{ type: "security", id: "CVE-2026-0001" }],
          },
        ],
      },
    });
    expect(component("component:busybox")).not.toHaveProperty("pedigree");
  });

  it("lists the files of the kernel that were compiled as files in it", () => {
    const linux = component("component:linux");
    expect(linux?.type).toBe("operating-system");
    expect(linux?.components).toEqual([
      { type: "file", name: "drivers/misc/nv.c" },
      { type: "file", name: "init/main.c" },
    ]);
  });

  it("has the libraries that are linked statically as components of the image", () => {
    const purl = "pkg:deb/debian/glibc@2.41-11?arch=source&distro=trixie";
    expect(component(purl)).toMatchObject({
      type: "library",
      purl,
      licenses: [{ expression: "LGPL-2.1-or-later" }],
    });
    expect(sbom.dependencies).toContainEqual({
      ref: "component:busybox",
      dependsOn: ["component:linux", purl],
    });
  });

  it("has a graph from the release to what each artifact is made of, through images that are no artifacts", () => {
    const needs = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    expect(needs.get("release")).toEqual([
      "artifact:Image",
      "artifact:boot.itb",
      "artifact:disk.img",
      "artifact:fw_dynamic.bin",
    ]);
    expect(needs.get("artifact:disk.img")).toEqual(["artifact:boot.itb"]);
    expect(needs.get("artifact:boot.itb")).toEqual(["component:busybox", "component:linux"]);
    const refs = new Set(needs.keys());
    for (const dependsOn of needs.values()) for (const ref of dependsOn ?? []) expect(refs).toContain(ref);
  });

  it("keeps the toolchain apart, as what the release was made with", () => {
    const [formula] = sbom.formulation;
    expect(formula?.components).toMatchObject([
      {
        name: "make",
        version: "4.4.1-1",
        scope: "excluded",
        hashes: [{ alg: "SHA-256", content: "ef".repeat(32) }],
      },
    ]);
    expect(formula?.workflows[0]?.outputs).toContainEqual({
      type: "artifact",
      resource: { ref: "component:linux" },
    });
    expect(sbom.components.some(({ name }) => name === "make")).toBe(false);
  });

  it("gives every reference to one thing only", () => {
    const all = (components: readonly Component[]): string[] =>
      components.flatMap((one) => [
        ...(one["bom-ref"] === undefined ? [] : [one["bom-ref"]]),
        ...all(one.components ?? []),
      ]);
    const refs = all([
      sbom.metadata.component,
      ...sbom.components,
      ...sbom.formulation.flatMap((one) => one.components),
    ]);
    expect(new Set(refs).size).toBe(refs.length);
  });
});

describe("a patch resolves a vulnerability", () => {
  it("where a line of its header says so, and not where it only speaks of it", () => {
    expect(resolvedBy("CVE: CVE-2026-0002 CVE-2026-0001\n---\n")).toEqual(["CVE-2026-0001", "CVE-2026-0002"]);
    expect(resolvedBy("This is no fix of CVE-2026-0001\n")).toEqual([]);
    expect(resolvedBy("diff --git a/x b/x\nCVE: CVE-2026-0001\n")).toEqual([]);
    expect(resolvedBy("--- a/x\n+++ b/x\n+CVE: CVE-2026-0001\n")).toEqual([]);
  });
});
