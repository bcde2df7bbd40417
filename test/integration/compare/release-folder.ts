import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { composeManifest } from "../../../src/release/compose.ts";
import type { ReleaseFacts } from "../../../src/release/facts.ts";
import { fileIntegrity } from "../../../src/release/integrity.ts";
import type { ManifestArtifact, ManifestDocument } from "../../../src/release/manifest.ts";
import { renderManifest } from "../../../src/release/render.ts";
import { sampleFacts } from "../../unit/release/sample.ts";

type Kinds = Readonly<Record<string, ManifestArtifact["kind"] | ManifestDocument["kind"]>>;

const kinds: Kinds = {
  "config/linux.config": "config",
  "debug/vmlinux": "debug",
  "debug/System.map": "debug",
  "board.dtb": "device-tree",
  "sbom.cdx.json": "sbom",
  "nvlab.lock": "lock",
};

/** Writes a release folder with these files and the manifest that names them. */
export function writeFolder(
  folder: string,
  files: Readonly<Record<string, Buffer | string>>,
  facts: Partial<ReleaseFacts> = {},
): string {
  const artifacts: ManifestArtifact[] = [];
  const documents: ManifestDocument[] = [];
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    const hash = (name: string): string => createHash(name).update(content).digest("hex");
    const integrity = fileIntegrity({ sha256: hash("sha256"), sha512: hash("sha512") });
    const entry = { path, size: Buffer.byteLength(content), integrity };
    const kind = kinds[path] ?? "firmware";
    if (kind === "sbom" || kind === "lock" || kind === "provenance" || kind === "licence")
      documents.push({ ...entry, kind });
    else artifacts.push({ ...entry, kind, component: "linux" });
  }
  const manifest = composeManifest({ ...sampleFacts, ...facts }, artifacts, documents);
  writeFileSync(join(folder, "manifest.json"), renderManifest(manifest));
  return folder;
}
