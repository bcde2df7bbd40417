import { z } from "zod";
import { Project } from "../recipe/schema/project.ts";
import { ArtifactKind } from "../recipe/schema/target.ts";
import { EnvironmentName, Name, OutputPath, Version } from "../recipe/schema/text.ts";

/**
 * Version of the manifest's schema that this program writes. 2 added `contract` and artifacts of kind "model", 3 added
 * `documents`.
 */
export const manifestVersion = 3;

/** Versions that it reads: what an earlier one says means the same in the later. */
export const knownManifestVersions = [1, 2, 3] as const;

/** Subresource Integrity (W3C) as ssri writes it: one digest, base64. */
const Sha256Integrity = z.string().regex(/^sha256-[A-Za-z0-9+/]{43}=$/, 'an SRI digest, "sha256-…"');

/** Both digests of an artifact, the weaker first. */
const Integrity = z
  .string()
  .regex(/^sha256-[A-Za-z0-9+/]{43}= sha512-[A-Za-z0-9+/]{86}==$/, 'two SRI digests, "sha256-… sha512-…"');

const Purl = z.string().startsWith("pkg:");

const ManifestSource = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("archive"),
    name: Name,
    variant: z.int().min(0).describe("which of the recipe's variants, counted from 0"),
    file: z.string(),
    integrity: Sha256Integrity,
    places: z.array(z.string()).describe("declared URLs, and paths below any Debian mirror"),
  }),
  z.strictObject({
    type: z.literal("git"),
    name: Name,
    url: z.string(),
    commit: z.string().regex(/^[0-9a-f]{40}$/),
    integrity: Sha256Integrity.describe("over names, modes and contents of the tree"),
  }),
  z.strictObject({
    type: z.literal("local").describe("a local tree stood in for the locked source"),
    name: Name,
    integrity: Sha256Integrity.describe("over names, modes and contents of the tree"),
  }),
]);

const Change = z.strictObject({ path: z.string().min(1), integrity: Sha256Integrity });

const ManifestComponent = z.strictObject({
  name: Name,
  version: Version,
  license: z.string().describe("SPDX expression"),
  cpe: z.string().startsWith("cpe:2.3:").optional(),
  purl: Purl.optional(),
  parameters: z.record(EnvironmentName, z.union([z.string(), z.number(), z.boolean()])),
  sources: z.array(ManifestSource),
  patches: z.array(Change).describe("in the order in which they were applied"),
  overlay: z.array(Change).describe("files laid over the source tree"),
  config: Integrity.optional().describe("the final .config, which is an artifact too"),
});

const ManifestArtifact = z.strictObject({
  path: OutputPath,
  kind: ArtifactKind,
  component: z.string().min(1).describe("component or image that it comes from"),
  size: z.int().min(0).describe("bytes"),
  integrity: Integrity,
});

/** What describes a release and lies beside its artifacts. A folder of licence texts is one document a file. */
export const DocumentKind = z.enum(["sbom", "provenance", "lock", "licence"]);
export type DocumentKind = z.output<typeof DocumentKind>;

const ManifestDocument = z.strictObject({
  path: OutputPath,
  kind: DocumentKind,
  size: z.int().min(0).describe("bytes"),
  integrity: Integrity,
});

const ToolchainPackage = z.strictObject({ name: z.string(), version: z.string(), purl: Purl });

const ManifestContract = z.strictObject({
  name: Name,
  version: z.string().regex(/^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/, "major.minor"),
  integrity: Sha256Integrity.describe("digest of the contract's YAML"),
});

const ManifestSigning = z.strictObject({
  image: OutputPath,
  algorithm: z.string().regex(/^sha256,rsa(2048|3072|4096)$/, "as in sha256,rsa2048"),
  key: Sha256Integrity.describe("digest of the public key, a DER SubjectPublicKeyInfo"),
  development: z.boolean().describe("the key was made by nvlab for trying things: whoever built this has it"),
});

/** manifest.json. It holds only what two builds of the same inputs share: no time, no host, no path. */
export const Manifest = z
  .strictObject({
    schemaVersion: z.literal(knownManifestVersions),
    project: z.strictObject({
      name: Name,
      commit: z
        .string()
        .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
        .nullable()
        .describe("full commit id; null outside git"),
      dirty: z.boolean().describe("files differed from the commit, or a local source was used"),
    }),
    releaseVersion: Project.shape.version,
    target: Name,
    epoch: z.int().min(0).describe("SOURCE_DATE_EPOCH of the build, in seconds"),
    lock: Sha256Integrity.describe("digest of the lock"),
    toolchain: z.strictObject({
      root: Sha256Integrity.describe("digest of the root in which the steps ran"),
      packages: z.int().min(0),
      compiler: ToolchainPackage,
      binutils: ToolchainPackage,
    }),
    contract: ManifestContract.optional().describe("what the device trees promise the kernel"),
    signing: z.array(ManifestSigning).optional().describe("images whose signature the boot loader verifies"),
    incremental: z.boolean().describe("built in a work folder that was kept between builds"),
    components: z.array(ManifestComponent),
    artifacts: z.array(ManifestArtifact),
    documents: z.array(ManifestDocument).optional().describe("what a release has beside its artifacts"),
  })
  .refine(({ schemaVersion, documents }) => schemaVersion >= 3 || documents === undefined, {
    path: ["documents"],
    message: "a manifest has documents since schema version 3",
  })
  .refine(({ schemaVersion, signing }) => schemaVersion >= 3 || signing === undefined, {
    path: ["signing"],
    message: "a manifest tells of signed images since schema version 3",
  });

export const ManifestArtifactEntry = ManifestArtifact;
export const ManifestDocumentEntry = ManifestDocument;
export type Manifest = z.output<typeof Manifest>;
export type ManifestComponent = z.output<typeof ManifestComponent>;
export type ManifestArtifact = z.output<typeof ManifestArtifact>;
export type ManifestDocument = z.output<typeof ManifestDocument>;
export type ManifestSource = z.output<typeof ManifestSource>;
