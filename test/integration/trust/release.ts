import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { composeProvenance } from "../../../src/attest/provenance.ts";
import { composeRebuild, type RebuildInput } from "../../../src/attest/rebuild.ts";
import { renderStatement, type Statement } from "../../../src/attest/statement.ts";
import { composeManifest } from "../../../src/release/compose.ts";
import { releaseChecksums } from "../../../src/release/checksums.ts";
import type { ReleaseFacts } from "../../../src/release/facts.ts";
import { fileIntegrity } from "../../../src/release/integrity.ts";
import type { Manifest, ManifestDocument } from "../../../src/release/manifest.ts";
import { renderManifest } from "../../../src/release/render.ts";
import { attestationPath, type AttestationKind } from "../../../src/release/signature-files.ts";
import { renderEnvelope, signEnvelope, statementPayloadType } from "../../../src/sign/dsse.ts";
import { keyId, type PrivateKey } from "../../../src/sign/key.ts";
import { makeKey } from "../../../src/sign/make-key.ts";
import type { Policy, TrustedKey } from "../../../src/trust/policy.ts";
import { signRelease, type SigningRequest } from "../../../src/trust/sign-release.ts";
import { verifyTrusted, type TrustReport } from "../../../src/trust/verify-trusted.ts";
import { smallLock } from "../../support/project.ts";
import { digestsOf, sampleArtifacts, sampleContents, sampleFacts } from "../../unit/release/sample.ts";

export const builder = "https://builds.example.org/1";

/** Writes a release as `nvlab release` lays it out, unsigned, and gives its manifest. */
export function writeSampleRelease(folder: string, facts: Partial<ReleaseFacts> = {}): Manifest {
  const artifacts = sampleArtifacts();
  const bare = composeManifest({ ...sampleFacts, ...facts }, artifacts);
  const sbom = document("sbom.cdx.json", "sbom", '{"bomFormat":"CycloneDX"}\n');
  const provenance = composeProvenance({
    builder,
    version: "0.1.0",
    manifest: bare,
    lock: smallLock,
    root: "build",
    documents: [sbom.entry],
  });
  const documents = [
    sbom,
    document("provenance.intoto.json", "provenance", renderStatement(provenance)),
    document("nvlab.lock", "lock", `${JSON.stringify(smallLock)}\n`),
    document("licenses/opensbi/COPYING.BSD", "licence", "Redistribution and use\n"),
  ];
  const manifest = composeManifest(
    { ...sampleFacts, ...facts },
    artifacts,
    documents.map(({ entry }) => entry),
  );
  const text = renderManifest(manifest);
  const files = {
    ...sampleContents,
    ...Object.fromEntries(documents.map(({ entry, content }) => [entry.path, content])),
    "manifest.json": text,
    SHA256SUMS: releaseChecksums(manifest, createHash("sha256").update(text).digest("hex")),
  };
  for (const [path, content] of Object.entries(files)) write(folder, path, content);
  return manifest;
}

function document(path: string, kind: ManifestDocument["kind"], content: string) {
  const digests = digestsOf(content);
  return { content, entry: { path, kind, size: digests.size, integrity: fileIntegrity(digests) } };
}

export function write(folder: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

export async function signed(folder: string, key: PrivateKey, more: Partial<SigningRequest> = {}) {
  const result = await signRelease({ path: folder, key, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value.written;
}

/** Puts a signed statement into a release, as somebody may who knows how to. */
export function attest(folder: string, kind: AttestationKind, statement: Statement, key: PrivateKey): string {
  const payload = Buffer.from(renderStatement(statement));
  const path = attestationPath(kind, keyId(key.publicKey));
  write(folder, path, renderEnvelope(signEnvelope(statementPayloadType, payload, key)));
  return path;
}

export function rebuildOf(manifest: Manifest, more: Partial<RebuildInput> = {}): Statement {
  return composeRebuild({
    rebuilder: "https://rebuilds.example.org",
    manifestSha256: createHash("sha256").update(renderManifest(manifest)).digest("hex"),
    artifacts: manifest.artifacts,
    different: [],
    variations: [{ name: "time", place: "inside", state: "varied" }],
    ...more,
  });
}

/** Keys by the names that policies and faults have for them. */
export const keys = { release: makeKey(), second: makeKey(), rebuilder: makeKey(), stranger: makeKey() };

export function trusted(name: keyof typeof keys, expires?: Date): TrustedKey {
  return { name, key: keys[name].publicKey, ...(expires && { expires }) };
}

/** One signer out of the given keys, and nothing else. */
export function policyOf(by: readonly TrustedKey[], more: Partial<Policy> = {}): Policy {
  return { keys: by, signers: { by, required: [], threshold: 1 }, ...more };
}

export const now = new Date("2026-11-25T12:00:00Z");

export async function reportOn(
  folder: string,
  policy = policyOf([trusted("release")]),
): Promise<TrustReport> {
  const result = await verifyTrusted(folder, policy, now);
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

/** Kind and path of every fault, of the folder's and of the signatures'. */
export async function faultsOf(folder: string, policy?: Policy): Promise<string[]> {
  const { faults, trustFaults } = await reportOn(folder, policy);
  return [...faults, ...trustFaults].map(({ kind, path }) => `${kind} ${path}`);
}
