import { parseSbom } from "../../../src/scan/read-inventory.ts";
import type { Inventory } from "../../../src/scan/inventory.ts";

export const kernelPurl =
  "pkg:generic/linux@6.18.15?download_url=https:%2F%2Fcdn.kernel.org%2Flinux-6.18.15.tar.xz";
export const busyboxPurl = "pkg:generic/busybox@1.37.0";
export const glibcPurl =
  "pkg:deb/debian/libc6-riscv64-cross@2.41-12cross1?arch=all&distro=trixie&upstream=glibc%402.41-12";

/** An SBOM as a release has it: what is in the image, a static library, a compiler that is not. */
export const sampleBom = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: {
    component: {
      type: "firmware",
      "bom-ref": "pkg:generic/nvlab/qemu-virt@1.0.0",
      name: "qemu-virt",
      version: "1.0.0",
      purl: "pkg:generic/nvlab/qemu-virt@1.0.0",
    },
  },
  components: [
    {
      type: "operating-system",
      "bom-ref": "linux",
      name: "linux",
      version: "6.18.15",
      purl: kernelPurl,
      cpe: "cpe:2.3:o:linux:linux_kernel:6.18.15:*:*:*:*:*:*:*",
      components: [
        { type: "file", name: "kernel/fork.c" },
        { type: "file", name: "net/ipv4/tcp.c" },
      ],
      pedigree: {
        patches: [
          {
            type: "unofficial",
            diff: { url: "patches/linux/0003-mend.patch" },
            resolves: [{ type: "security", id: "CVE-2026-0003" }],
          },
        ],
      },
    },
    {
      type: "application",
      "bom-ref": "busybox",
      name: "busybox",
      version: "1.37.0",
      purl: busyboxPurl,
      cpe: "cpe:2.3:a:busybox:busybox:1.37.0:*:*:*:*:*:*:*",
    },
    {
      type: "firmware",
      "bom-ref": "opensbi",
      name: "opensbi",
      version: "1.6",
      purl: "pkg:github/riscv-software-src/opensbi@v1.6",
    },
    { type: "library", "bom-ref": "glibc", name: "glibc", version: "2.41-12cross1", purl: glibcPurl },
    {
      type: "application",
      "bom-ref": "gcc",
      name: "gcc-14",
      version: "14.2.0-19",
      scope: "excluded",
      purl: "pkg:deb/debian/gcc-14@14.2.0-19?arch=amd64&distro=trixie",
    },
  ],
};

export function sampleInventory(): Inventory {
  const read = parseSbom(JSON.stringify(sampleBom), "sbom.cdx.json");
  if (!read.ok) throw new Error(JSON.stringify(read.failures));
  return read.value;
}

/** An OSV record about a package, affected in some range. */
export function osv(id: string, affected: object, rest: object = {}): object {
  return {
    id,
    modified: "2026-01-01T00:00:00Z",
    summary: `${id} in a sentence`,
    affected: [affected],
    ...rest,
  };
}
