import type { Lock } from "../../../src/lock/lock.ts";
import type { ScriptNode } from "../../../src/plan/node.ts";
import { composeManifest } from "../../../src/release/compose.ts";
import type { ReleaseFacts } from "../../../src/release/facts.ts";
import { fileIntegrity } from "../../../src/release/integrity.ts";
import type { ManifestArtifact } from "../../../src/release/manifest.ts";
import type { SbomInput } from "../../../src/sbom/sbom-input.ts";
import { smallLock } from "../../support/project.ts";
import { digestsOf, sampleFacts } from "../release/sample.ts";

const artifact = (path: string, kind: ManifestArtifact["kind"], component: string): ManifestArtifact => {
  const digests = digestsOf(path);
  return { path, kind, component, size: digests.size, integrity: fileIntegrity(digests) };
};

const script = (id: string, kind: ScriptNode["kind"], needs: readonly string[]): ScriptNode => ({
  id,
  component: id,
  kind,
  root: "build",
  environment: {},
  script: "",
  inputs: needs.map((node) => ({ at: `/in/${node}`, node })),
  files: [],
  texts: {},
  outputs: [],
});

/** A target of the firmware, the kernel and a user space, two images of them, and a static library in the last. */
export function sampleInput(change: Partial<SbomInput> = {}): SbomInput {
  const busybox: ReleaseFacts["components"][number] = {
    name: "busybox",
    version: "1.37.0",
    license: "GPL-2.0-only",
    parameters: { SPEED: 2 },
    sources: [
      {
        type: "git",
        name: "main",
        url: "https://git.example.org/busybox",
        commit: "a".repeat(40),
        sha256: "2".repeat(64),
      },
    ],
    patches: [],
    overlay: [],
  };
  const facts = { ...sampleFacts, components: [...sampleFacts.components, busybox] };
  const lock: Lock = smallLock;
  const [make] = smallLock.roots.build?.packages ?? [];
  return {
    version: "0.1.0",
    manifest: composeManifest(facts, [
      artifact("fw_dynamic.bin", "firmware", "opensbi"),
      artifact("Image", "kernel", "linux"),
      artifact("boot.itb", "fit", "boot.itb"),
      artifact("disk.img", "disk", "disk.img"),
    ]),
    plan: {
      nodes: [
        script("opensbi", "build", []),
        script("linux", "build", []),
        script("busybox", "build", ["linux"]),
        script("hidden.cpio", "image", ["busybox"]),
        script("boot.itb", "image", ["linux", "hidden.cpio"]),
        script("disk.img", "image", ["boot.itb"]),
      ],
      artifacts: [
        {
          path: "fw_dynamic.bin",
          kind: "firmware",
          component: "opensbi",
          node: "opensbi",
          from: "fw_dynamic.bin",
        },
        { path: "Image", kind: "kernel", component: "linux", node: "linux", from: "Image" },
        { path: "boot.itb", kind: "fit", component: "boot.itb", node: "boot.itb", from: "boot.itb" },
        { path: "disk.img", kind: "disk", component: "disk.img", node: "disk.img", from: "disk.img" },
      ],
    },
    lock,
    described: new Map([["linux", { summary: "The kernel", homepage: "https://www.kernel.org/" }]]),
    linked: new Map([
      [
        "busybox",
        [
          {
            name: "glibc",
            version: "2.41-11",
            suite: "trixie",
            license: "LGPL-2.1-or-later",
            cpe: "cpe:2.3:a:gnu:glibc:2.41:*:*:*:*:*:*:*",
            packages: make ? [make] : [],
          },
        ],
      ],
    ]),
    compiled: new Map([["linux", ["drivers/misc/nv.c", "init/main.c"]]]),
    patches: new Map([
      ["patches/opensbi/0001-banner.patch", "A banner.\n\nCVE: CVE-2026-0001\n\n--- a/x\n+++ b/x\n"],
    ]),
    ...change,
  };
}
