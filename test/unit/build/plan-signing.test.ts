import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planTarget } from "../../../src/build/planner/plan-target.ts";
import { releaseFacts } from "../../../src/build/release-facts.ts";
import type { FitKey } from "../../../src/image/fit-key.ts";
import { fingerprintOf, signatureOf } from "../../../src/plan/fingerprint.ts";
import type { PlanNode } from "../../../src/plan/node.ts";
import { loadProject, type Project } from "../../../src/recipe/project.ts";
import { composeManifest } from "../../../src/release/compose.ts";
import { Manifest } from "../../../src/release/manifest.ts";
import { smallLock, smallProject, temporaryFolder, writeFiles } from "../../support/project.ts";

const key: FitKey = {
  ...{ name: "boot", bits: 2048, modulus: (1n << 2047n) + 1n, exponent: 0x10001n },
  ...{ sha256: "ab".repeat(32), development: true, canSign: true },
};

const board = `name: board
components: { app: {} }
images:
  board.dtb: { device-tree: { source: dts/board.dts } }
  u-boot.dtb: { device-tree: { source: dts/board.dts, verify: { keys: [boot] } } }
  boot.itb:
    fit:
      kernel: { data: app/app, load: "0x80200000" }
      device-tree: { data: board.dtb }
      command-line: quiet
      sign: { key: boot }
  u-boot.bin:
    u-boot: { program: app/app, device-tree: u-boot.dtb }
artifacts:
  boot.itb: { output: boot.itb, kind: fit }
  u-boot.bin: { output: u-boot.bin, kind: bootloader }
`;

async function signedProject(): Promise<Project> {
  const folder = temporaryFolder(smallProject);
  writeFiles(folder, { "recipes/targets/board.yaml": board });
  const project = await loadProject(folder, folder, join(folder, "cache"));
  if (!project.ok) throw new Error(project.failures[0]?.message);
  return project.value;
}

function plan(project: Project, ...keys: FitKey[]): ReturnType<typeof planTarget> {
  const fitKeys = new Map(keys.map((one) => [one.name, one]));
  return planTarget({ project, lock: smallLock, target: "board", overrides: new Map(), fitKeys });
}

function fingerprints(project: Project, signer: FitKey): Record<string, string> {
  const planned = plan(project, signer);
  if (!planned.ok) throw new Error(planned.failures[0]?.message);
  const context = {
    ...{ rootDigest: () => "root", outputDigest: () => "output", sandboxPolicy: "1" },
    ...{ epoch: 1, incremental: false },
  };
  const print = (node: PlanNode): [string, string] => [node.id, fingerprintOf(signatureOf(node, context))];
  return Object.fromEntries(planned.value.plan.nodes.map(print));
}

describe("a target that signs", () => {
  it("has the public half of the key in what it makes, and in what that is known by", async () => {
    const project = await signedProject();
    const before = fingerprints(project, key);
    const after = fingerprints(project, { ...key, sha256: "cd".repeat(32), modulus: (1n << 2047n) + 3n });
    const changed = Object.keys(before).filter((id) => before[id] !== after[id]);
    expect(changed.sort()).toEqual(["boot.itb", "u-boot.dtb"]);
  });

  it("is known by the key, however it came to be", async () => {
    const project = await signedProject();
    expect(fingerprints(project, { ...key, development: false })).toEqual(fingerprints(project, key));
  });

  it("tells at its place of a key that is not there", async () => {
    const planned = plan(await signedProject());
    const failures = planned.ok ? [] : planned.failures;
    expect(failures.map(({ code, at }) => [code, at?.line])).toEqual([
      ["NVLAB_RECIPE", 5],
      ["NVLAB_RECIPE", 11],
    ]);
  });

  it("says in its manifest by which keys its images are signed, and which were made for trying", async () => {
    const project = await signedProject();
    const planned = plan(project, key);
    if (!planned.ok) throw new Error(planned.failures[0]?.message);
    const commit = { commit: null, dirty: false, changed: [] };
    const facts = releaseFacts({
      ...{ project, planned: planned.value, lock: smallLock, lockDigest: "00".repeat(32), commit },
      incremental: false,
    });
    const manifest = composeManifest(facts, []);
    expect(manifest.signing).toEqual([
      {
        image: "boot.itb",
        algorithm: "sha256,rsa2048",
        key: `sha256-${Buffer.from("ab".repeat(32), "hex").toString("base64")}`,
        development: true,
      },
    ]);
    expect(Manifest.safeParse(manifest).success).toBe(true);
    expect(Manifest.safeParse({ ...manifest, schemaVersion: 2 }).success).toBe(false);
  });
});
