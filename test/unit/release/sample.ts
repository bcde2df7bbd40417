import { createHash } from "node:crypto";
import { composeManifest } from "../../../src/release/compose.ts";
import { renderChecksums } from "../../../src/release/checksums.ts";
import type { ReleaseFacts } from "../../../src/release/facts.ts";
import type { Observed, ObservedRelease } from "../../../src/release/fault.ts";
import { fileIntegrity } from "../../../src/release/integrity.ts";
import type { Manifest, ManifestArtifact } from "../../../src/release/manifest.ts";
import { renderManifest } from "../../../src/release/render.ts";

const hex = (digit: string): string => digit.repeat(64);

export const sampleFacts: ReleaseFacts = {
  project: { name: "lab", commit: "c".repeat(40), dirty: false },
  releaseVersion: "1.2.0",
  target: "qemu-virt",
  epoch: 1767225600,
  lock: hex("a"),
  toolchain: {
    root: hex("b"),
    packages: 83,
    compiler: {
      name: "gcc-riscv64-linux-gnu",
      version: "4:14.2.0-1",
      architecture: "amd64",
      suite: "trixie",
    },
    binutils: {
      name: "binutils-riscv64-linux-gnu",
      version: "2.44-3",
      architecture: "amd64",
      suite: "trixie",
    },
  },
  incremental: false,
  components: [
    {
      name: "opensbi",
      version: "1.6",
      license: "BSD-2-Clause",
      cpe: "cpe:2.3:o:riscv:opensbi:1.6:*:*:*:*:*:*:*",
      parameters: { PLATFORM: "generic" },
      sources: [
        {
          type: "archive",
          name: "main",
          variant: 0,
          file: "opensbi_1.6.orig.tar.gz",
          sha256: hex("d"),
          places: [
            "pool/main/o/opensbi/opensbi_1.6.orig.tar.gz",
            "https://github.com/riscv-software-src/opensbi/archive/refs/tags/v1.6.tar.gz",
          ],
        },
      ],
      patches: [{ path: "patches/opensbi/0001-banner.patch", sha256: hex("e") }],
      overlay: [],
    },
    {
      name: "linux",
      version: "6.18.15",
      license: "GPL-2.0-only WITH Linux-syscall-note",
      parameters: {},
      sources: [{ type: "local", name: "main", sha256: hex("f") }],
      patches: [],
      overlay: [{ path: "drivers/misc/nv.c", sha256: hex("1") }],
    },
  ],
};

export function digestsOf(content: string): { size: number; sha256: string; sha512: string } {
  const hash = (name: string): string => createHash(name).update(content).digest("hex");
  return { size: Buffer.byteLength(content), sha256: hash("sha256"), sha512: hash("sha512") };
}

export const sampleContents: Readonly<Record<string, string>> = {
  "fw_dynamic.bin": "firmware",
  "debug/vmlinux": "symbols",
  "config/linux.config": "CONFIG_SMP=y\n",
};

export function sampleArtifacts(contents = sampleContents): ManifestArtifact[] {
  return Object.entries(contents).map(([path, content]) => {
    const digests = digestsOf(content);
    return {
      path,
      kind: path.startsWith("config/") ? "config" : path.startsWith("debug/") ? "debug" : "firmware",
      component: path === "fw_dynamic.bin" ? "opensbi" : "linux",
      size: digests.size,
      integrity: fileIntegrity(digests),
    };
  });
}

export function sampleManifest(contents = sampleContents): Manifest {
  return composeManifest(sampleFacts, sampleArtifacts(contents));
}

/** A release as it is seen when nothing is wrong with it; `manifest` may be another text. */
export function sampleRelease(
  manifest = renderManifest(sampleManifest()),
  contents = sampleContents,
): { manifest: string; observed: ObservedRelease & { files: Observed[]; checksums: string } } {
  const checksums = renderChecksums(
    [...Object.entries(contents), ["manifest.json", manifest] as const].map(([path, content]) => ({
      path,
      sha256: digestsOf(content).sha256,
    })),
  );
  const all = { ...contents, "manifest.json": manifest, SHA256SUMS: checksums };
  const files = Object.entries(all).map(([path, content]): Observed => ({
    path,
    type: "file",
    ...digestsOf(content),
  }));
  return { manifest, observed: { files, checksums } };
}
