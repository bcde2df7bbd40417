import { checkContract, knowsContract } from "./check-contract.ts";
import { parseChecksums } from "./checksums.ts";
import type { Fault, Observed, ObservedRelease, VerifyReport } from "./fault.ts";
import { fileIntegrity, sha256OfIntegrity } from "./integrity.ts";
import { checksumsName, companionFiles, companionFolders, isSafePath, manifestName } from "./known-files.ts";
import type { Manifest, ManifestArtifact } from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";

/**
 * Compares what a manifest says with what is there. Every fault is in the report, not only the first.
 * Pure: the caller reads the folder (see observe.ts) and gives the manifest's text as it was read.
 */
export function verifyManifest(manifest: string, observed: ObservedRelease): VerifyReport {
  const reading = readManifest(manifest);
  if (!reading.readable) return { ok: false, artifacts: [], faults: reading.faults };
  const files = new Map(observed.files.map((file) => [file.path, file]));
  const named = reading.named;
  const contentFaults = reading.artifacts.flatMap((artifact) =>
    checkContent(artifact, files.get(artifact.path)),
  );
  const faults = [
    ...reading.faults,
    ...contentFaults,
    ...observed.files.flatMap((file) => checkBelongs(file, named)),
    ...(reading.manifest === undefined ? [] : checkConfigs(reading.manifest)),
    ...(reading.manifest === undefined ? [] : checkContract(reading.manifest, files)),
    ...checkChecksums(reading.artifacts, files, observed.checksums),
  ];
  const faulty = new Set(faults.map(({ path }) => path));
  return {
    ok: faults.length === 0,
    ...(reading.manifest === undefined ? {} : { release: summarize(reading.manifest) }),
    artifacts: reading.artifacts.map(({ path, size }) => ({
      path,
      size,
      state: faulty.has(path) ? "faulty" : "good",
    })),
    faults,
  };
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

function checkContent(artifact: ManifestArtifact, file: Observed | undefined): Fault[] {
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

/** Faults of a file that nothing names, and of a companion that is not what it should be. */
function checkBelongs(file: Observed, named: ReadonlySet<string>): Fault[] {
  const { path, type, unreadable } = file;
  if (type === "folder" && unreadable !== undefined)
    return [{ kind: "unreadable", path, reason: unreadable }];
  if (named.has(path)) return companionFiles.has(path) ? [{ kind: "extra", path, found: type }] : [];
  if (companionFiles.has(path)) return type === "file" ? [] : [wrongType(file)];
  if (companionFolders.has(path)) return type === "folder" ? [] : [wrongType(file)];
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
  artifacts: readonly ManifestArtifact[],
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
