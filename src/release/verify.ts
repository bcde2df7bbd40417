import { checkContract, knowsContract } from "./check-contract.ts";
import { parseChecksums } from "./checksums.ts";
import type { Fault, Observed, ObservedRelease, VerifiedArtifact, VerifyReport } from "./fault.ts";
import { fileIntegrity, sha256OfIntegrity } from "./integrity.ts";
import { checksumsName, companionFiles, companionFolders, isSafePath, manifestName } from "./known-files.ts";
import type { Manifest, ManifestArtifact, ManifestDocument } from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";
import { attestationFileAt, attestationsFolder, signatureFileAt } from "./signature-files.ts";

/**
 * What may lie beside a release's files: in an out folder reports and logs, of which nothing is known ("companions");
 * in a release that is checked with keys only what can be checked ("nothing").
 */
export type Beside = "companions" | "nothing";

/**
 * Compares what a manifest says with what is there. Every fault is in the report, not only the first.
 * Pure: the caller reads the folder (see observe.ts) and gives the manifest's text as it was read.
 */
export function verifyManifest(
  manifest: string,
  observed: ObservedRelease,
  beside: Beside = "companions",
): VerifyReport {
  const reading = readManifest(manifest);
  if (!reading.readable) return { ok: false, artifacts: [], faults: reading.faults };
  const files = new Map(observed.files.map((file) => [file.path, file]));
  const named = reading.named;
  const listed = [...reading.artifacts, ...reading.documents];
  const faults = [
    ...reading.faults,
    ...listed.flatMap((file) => checkContent(file, files.get(file.path))),
    ...observed.files.flatMap((file) => checkBelongs(file, named, beside)),
    ...(reading.manifest === undefined ? [] : checkConfigs(reading.manifest)),
    ...(reading.manifest === undefined ? [] : checkContract(reading.manifest, files)),
    ...checkChecksums(listed, files, observed.checksums),
  ];
  const faulty = new Set(faults.map(({ path }) => path));
  const states = (entries: readonly (ManifestArtifact | ManifestDocument)[]): VerifiedArtifact[] =>
    entries.map(({ path, size }) => ({ path, size, state: faulty.has(path) ? "faulty" : "good" }));
  const unchecked = observed.files.map(({ path }) => path).filter(isSignature);
  return {
    ok: faults.length === 0,
    ...(reading.manifest === undefined ? {} : { release: summarize(reading.manifest) }),
    artifacts: states(reading.artifacts),
    ...(reading.documents.length > 0 && { documents: states(reading.documents) }),
    ...(unchecked.length > 0 && beside === "companions" && { unchecked }),
    faults,
  };
}

function isSignature(path: string): boolean {
  return signatureFileAt(path) !== undefined || attestationFileAt(path) !== undefined;
}

function summarize(manifest: Manifest): NonNullable<VerifyReport["release"]> {
  const { commit, dirty } = manifest.project;
  const { target, releaseVersion: version, contract } = manifest;
  const checked = knowsContract(manifest);
  return {
    target,
    version,
    commit,
    dirty,
    ...(contract && { contract: { name: contract.name, version: contract.version, checked } }),
  };
}

function checkContent(artifact: ManifestArtifact | ManifestDocument, file: Observed | undefined): Fault[] {
  const { path } = artifact;
  if (file === undefined) return [{ kind: "missing", path }];
  if (file.type === "link") return [{ kind: "link", path }];
  if (file.type !== "file") return [{ kind: "not-a-file", path, found: file.type }];
  if (file.size !== artifact.size) return [{ kind: "size", path, expected: artifact.size, found: file.size }];
  const { sha256, sha512 } = file;
  if (sha256 === undefined || sha512 === undefined) {
    return [{ kind: "unreadable", path, reason: file.unreadable ?? "its content was not read" }];
  }
  const found = fileIntegrity({ sha256, sha512 });
  return found === artifact.integrity ? [] : [{ kind: "altered", path, expected: artifact.integrity, found }];
}

/** Faults of a file that nothing names, and of a companion or signature that is not what it should be. */
function checkBelongs(file: Observed, named: ReadonlySet<string>, beside: Beside): Fault[] {
  const { path, type, unreadable } = file;
  if (type === "folder" && unreadable !== undefined)
    return [{ kind: "unreadable", path, reason: unreadable }];
  const own = path === manifestName || path === checksumsName || isSignature(path);
  const companion = beside === "companions" && companionFiles.has(path);
  if (named.has(path)) {
    const reserved = own || companionFiles.has(path) || path === attestationsFolder;
    return reserved ? [{ kind: "extra", path, found: type }] : [];
  }
  if (own || companion) return type === "file" ? [] : [wrongType(file)];
  if (beside === "companions" && companionFolders.has(path))
    return type === "folder" ? [] : [wrongType(file)];
  return [{ kind: "extra", path, found: type }];
}

function wrongType({ path, type }: Observed): Fault {
  return type === "link" ? { kind: "link", path } : { kind: "not-a-file", path, found: type };
}

function checkConfigs(manifest: Manifest): Fault[] {
  return manifest.components.flatMap(({ name, config }): Fault[] => {
    const shipped = manifest.artifacts.filter(
      ({ kind, component }) => kind === "config" && component === name,
    );
    const agree =
      config === undefined ? shipped.length === 0 : shipped.some(({ integrity }) => integrity === config);
    return agree ? [] : [{ kind: "config", path: manifestName, component: name }];
  });
}

function checkChecksums(
  artifacts: readonly (ManifestArtifact | ManifestDocument)[],
  files: ReadonlyMap<string, Observed>,
  text: string | undefined,
): Fault[] {
  const file = files.get(checksumsName);
  if (text === undefined) {
    if (file === undefined) return [{ kind: "missing", path: checksumsName }];
    if (file.type !== "file") return [];
    return [
      { kind: "unreadable", path: checksumsName, reason: file.unreadable ?? "its content was not read" },
    ];
  }
  const { checksums, malformed } = parseChecksums(text);
  const faults: Fault[] =
    malformed.length === 0 ? [] : [{ kind: "checksums-malformed", path: checksumsName, lines: malformed }];
  const expected = new Map(artifacts.map(({ path, integrity }) => [path, sha256OfIntegrity(integrity)]));
  expected.set(manifestName, files.get(manifestName)?.sha256);
  const listed = new Map<string, string>();
  for (const { path, sha256 } of checksums) {
    if (!isSafePath(path)) faults.push({ kind: "unsafe-path", path, listed: checksumsName });
    else if (listed.has(path)) faults.push({ kind: "duplicate", path, listed: checksumsName });
    listed.set(path, sha256);
  }
  for (const path of new Set([...expected.keys(), ...listed.keys()])) {
    const [manifest, checksum] = [expected.get(path), listed.get(path)];
    if (manifest === checksum || !isSafePath(path)) continue;
    faults.push({
      kind: "checksums-disagree",
      path,
      ...(manifest === undefined ? {} : { manifest }),
      ...(checksum === undefined ? {} : { checksums: checksum }),
    });
  }
  return faults;
}
