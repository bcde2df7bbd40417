import { checksumsName, manifestName } from "./known-files.ts";

/** A file of a release that holds a signature over another, as its name says. */
export interface SignatureFile {
  readonly path: string;
  readonly of: typeof manifestName | typeof checksumsName;
  /** "raw" is the base64 of a bare Ed25519 signature. */
  readonly form: "minisign" | "raw";
  /** In the names of every signer's files but the first one's. */
  readonly keyId?: string;
}

/** What each signer of a release writes. */
const kinds = [
  { of: manifestName, form: "minisign", extension: "minisig" },
  { of: checksumsName, form: "minisign", extension: "minisig" },
  { of: manifestName, form: "raw", extension: "sig" },
] as const;

/** The signature files of a signer, the manifest's last: without a key id those of the first signer. */
export function signatureFiles(keyId?: string): SignatureFile[] {
  return kinds.map(({ of, form, extension }) => ({
    path: [of, ...(keyId === undefined ? [] : [keyId]), extension].join("."),
    of,
    form,
    ...(keyId !== undefined && { keyId }),
  }));
}

export function signatureFileAt(path: string): SignatureFile | undefined {
  const [, keyId] = /\.([0-9A-F]{16})\.(?:minisig|sig)$/.exec(path) ?? [];
  return signatureFiles(keyId).find((file) => file.path === path);
}

export const attestationsFolder = "attestations";

export type AttestationKind = "provenance" | "test-result" | "reproduce";

/** An envelope of a release, as its name says. */
export interface AttestationFile {
  readonly path: string;
  readonly kind: AttestationKind;
  /** Its one signer. The provenance has none here: there is one, and each signer of the release signs it. */
  readonly keyId?: string;
}

/** The place of an envelope in a release; `keyId` of its signer. */
export function attestationPath(kind: AttestationKind, keyId: string): string {
  return `${attestationsFolder}/${kind === "provenance" ? kind : `${kind}.${keyId}`}.dsse.json`;
}

export function attestationFileAt(path: string): AttestationFile | undefined {
  const found = /^attestations\/(?:(provenance)|(test-result|reproduce)\.([0-9A-F]{16}))\.dsse\.json$/.exec(
    path,
  );
  if (found === null) return undefined;
  const [, provenance, kind, keyId] = found;
  if (provenance === "provenance") return { path, kind: provenance };
  return { path, kind: kind as AttestationKind, ...(keyId !== undefined && { keyId }) };
}
