import { expect, test } from "vitest";
import { nvlinkFusion } from "../../../src/contract/generated.ts";
import { formatVersion } from "../../../src/contract/version.ts";
import { composeManifest } from "../../../src/release/compose.ts";
import type { ContractFacts } from "../../../src/release/facts.ts";
import { fileIntegrity } from "../../../src/release/integrity.ts";
import type { Manifest } from "../../../src/release/manifest.ts";
import { readManifest } from "../../../src/release/read-manifest.ts";
import { renderManifest } from "../../../src/release/render.ts";
import { verifyManifest } from "../../../src/release/verify.ts";
import { renderVerifyTable } from "../../../src/release/verify-text.ts";
import { blobOf, type ShortTree } from "../../support/device-tree-blob.ts";
import { sampleArtifacts, sampleFacts, sampleManifest, sampleRelease } from "./sample.ts";
import { createHash } from "node:crypto";

const ours = formatVersion(nvlinkFusion.version);
const { name, sha256 } = nvlinkFusion;

/** Verifies a release with one more artifact: a device tree with a controller whose node has these windows. */
function verified(contract: ContractFacts | undefined, windows: readonly bigint[]) {
  const node: ShortTree = {
    compatible: "nvidia,nvlink-fusion",
    reg: [0, 0, 0, 0x1_0000],
    "#address-cells": [1],
    "#size-cells": [0],
    "nvidia,contract": [1, 0],
    "link-count": [1],
    "dma-windows": windows,
    "link@0": {
      reg: [0],
      "nvidia,lanes": [4],
      "nvidia,max-speed-kBps": [25_000_000],
      "nvidia,peer": "gpu",
      "nvidia,peer-index": [0],
    },
  };
  const content = blobOf({ "#address-cells": [2], "#size-cells": [2], "nvlink@0": node });
  const hash = (algorithm: string): string => createHash(algorithm).update(content).digest("hex");
  const digests = { sha256: hash("sha256"), sha512: hash("sha512") };
  const tree = {
    path: "board.dtb",
    kind: "device-tree" as const,
    component: "board.dtb",
    size: content.length,
    integrity: fileIntegrity(digests),
  };
  const facts = { ...sampleFacts, ...(contract && { contract }) };
  const text = renderManifest(composeManifest(facts, [...sampleArtifacts(), tree]));
  const { observed } = sampleRelease(text);
  observed.files.push({ path: "board.dtb", type: "file", size: content.length, ...digests, content });
  const checksums = `${observed.checksums}${digests.sha256}  board.dtb\n`;
  const sorted = checksums
    .trimEnd()
    .split("\n")
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  return verifyManifest(text, { files: observed.files, checksums: `${sorted.join("\n")}\n` });
}

const aligned = [0n, 0x1000n];
const crooked = [0x800n, 0x1000n];

test("a manifest names the contract with its version and the digest of its text", () => {
  const facts = { ...sampleFacts, contract: { name, version: ours, sha256 } };
  const { contract } = composeManifest(facts, []);
  expect(contract).toEqual({
    name: "nvlink-fusion",
    version: ours,
    integrity: `sha256-${Buffer.from(sha256, "hex").toString("base64")}`,
  });
  expect(composeManifest(sampleFacts, [])).not.toHaveProperty("contract");
});

test("a release whose device tree keeps the contract verifies, and says which one", () => {
  const report = verified({ name, version: ours, sha256 }, aligned);
  expect(report.faults).toEqual([]);
  expect(renderVerifyTable(report)).toContain(`contract nvlink-fusion ${ours}`);
});

test("a device tree that does not keep the contract is a fault, also when its digest is right", () => {
  const report = verified({ name, version: ours, sha256 }, crooked);
  expect(report.faults).toEqual([
    { kind: "contract", path: "board.dtb", reason: expect.stringContaining("is not aligned") as string },
  ]);
});

test("a later minor version is checked, another major one is named and left alone", () => {
  const { major, minor } = nvlinkFusion.version;
  const later = { name, version: `${major}.${minor + 1}`, sha256 };
  expect(verified(later, crooked).faults).toHaveLength(1);
  const other = verified({ name, version: `${major + 1}.0`, sha256 }, crooked);
  expect(other.faults).toEqual([]);
  expect(renderVerifyTable(other)).toContain("not known here, not checked");
});

test("a release without a contract is not held to one", () => {
  expect(verified(undefined, crooked).faults).toEqual([]);
});

test("a manifest of the schema before is still read", () => {
  const before: Manifest = { ...sampleManifest(), schemaVersion: 1 };
  expect(readManifest(renderManifest(before))).toMatchObject({ readable: true, faults: [] });
});
