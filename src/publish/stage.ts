import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { ok, type Result } from "../failure/result.ts";
import { releaseChecksums } from "../release/checksums.ts";
import { composeManifest } from "../release/compose.ts";
import type { ReleaseArtifact, ReleaseFacts } from "../release/facts.ts";
import { fileIntegrity } from "../release/integrity.ts";
import { checksumsName, manifestName } from "../release/known-files.ts";
import {
  Manifest,
  type DocumentKind,
  type ManifestArtifact,
  type ManifestDocument,
} from "../release/manifest.ts";
import { copyInto, writeTextInto } from "../release/place-file.ts";
import { renderManifest } from "../release/render.ts";

/** A document before it is written. */
export interface Draft {
  readonly path: string;
  readonly kind: DocumentKind;
  readonly content: string | Uint8Array;
}

/** Fills an empty folder with a release: artifacts, documents, SHA256SUMS, manifest. Throws system errors. */
export class Stage {
  readonly #documents: ManifestDocument[] = [];
  readonly #artifacts: ManifestArtifact[] = [];

  constructor(
    readonly folder: string,
    readonly facts: ReleaseFacts,
  ) {}

  /** The manifest as far as it is known. */
  get manifest(): Manifest {
    return Manifest.parse(composeManifest(this.facts, this.#artifacts, this.#documents));
  }

  get documents(): readonly ManifestDocument[] {
    return this.#documents;
  }

  async placeArtifacts(
    artifacts: readonly ReleaseArtifact[],
    signal: AbortSignal,
  ): Promise<Result<undefined>> {
    await mkdir(this.folder, { recursive: true });
    for (const artifact of artifacts) {
      signal.throwIfAborted();
      const copied = await copyInto(this.folder, artifact, signal);
      if (!copied.ok) return copied;
      const { path, kind, component } = artifact;
      this.#artifacts.push({
        path,
        kind,
        component,
        size: copied.value.size,
        integrity: fileIntegrity(copied.value),
      });
    }
    return ok(undefined);
  }

  async write({ path, kind, content }: Draft): Promise<ManifestDocument> {
    await writeTextInto(this.folder, path, content);
    const hash = (algorithm: string): string => createHash(algorithm).update(content).digest("hex");
    const document: ManifestDocument = {
      path,
      kind,
      size: Buffer.byteLength(content),
      integrity: fileIntegrity({ sha256: hash("sha256"), sha512: hash("sha512") }),
    };
    this.#documents.push(document);
    return document;
  }

  /** Writes SHA256SUMS and manifest.json. @returns the manifest's text */
  async seal(): Promise<string> {
    const { manifest } = this;
    const text = renderManifest(manifest);
    const digest = createHash("sha256").update(text).digest("hex");
    await writeTextInto(this.folder, checksumsName, releaseChecksums(manifest, digest));
    await writeTextInto(this.folder, manifestName, text);
    return text;
  }
}
