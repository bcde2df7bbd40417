import { createHash } from "node:crypto";
import { lstat, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Result } from "../failure/result.ts";
import { failed, ok } from "../failure/result.ts";
import type { Fault, Observed, VerifyReport } from "./fault.ts";
import { checksumsName, isSafePath, manifestName } from "./known-files.ts";
import type { Manifest } from "./manifest.ts";
import { digestFiles, observeFolder, readPlainBytes } from "./observe.ts";
import { readManifest } from "./read-manifest.ts";
import { attestationsFolder } from "./signature-files.ts";
import { verifyManifest, type Beside } from "./verify.ts";

/** A manifest of a thousand artifacts has half a megabyte; nobody has to parse more than this. */
export const largestManifest = 16 * 1024 * 1024;

/** The largest device tree that Linux takes on some architectures; real ones have a tenth of it. */
const largestTree = 2 * 1024 * 1024;

/** A release folder, and what was read of it: signatures are checked over these very bytes. */
export interface CheckedRelease {
  readonly folder: string;
  readonly report: VerifyReport;
  /** Absent where the manifest is not right. */
  readonly manifest?: Manifest;
  /** Bytes of manifest.json and SHA256SUMS, as far as they could be read, by their names. */
  readonly signed: ReadonlyMap<string, Buffer>;
  readonly files: readonly Observed[];
}

/**
 * Checks a release: a folder, or the manifest.json in it. Reads only that folder; follows no link in it and
 * runs nothing. Fails (as opposed to reporting faults) only where there is nothing to check.
 */
export async function verifyRelease(path: string, signal?: AbortSignal): Promise<Result<VerifyReport>> {
  const checked = await checkRelease(path, "companions", signal);
  return checked.ok ? ok(checked.value.report) : checked;
}

/** As verifyRelease, for a caller that goes on to the signatures. */
export async function checkRelease(
  path: string,
  beside: Beside,
  signal?: AbortSignal,
): Promise<Result<CheckedRelease>> {
  const place = await stat(path).catch(() => undefined);
  if (place === undefined && (await lstat(path).catch(() => undefined)) === undefined) {
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `There is no ${path}.`,
      hint: "Give the folder of a release, or the manifest.json in it.",
    });
  }
  if (place?.isDirectory() !== true && basename(path) !== manifestName) {
    return failed({
      code: "NVLAB_USAGE",
      message: `${path} is neither a folder nor a ${manifestName}.`,
      hint: "Give the folder of a release, or the manifest.json in it.",
    });
  }
  return ok(await checkFolder(place?.isDirectory() === true ? path : dirname(path), beside, signal));
}

async function checkFolder(
  folder: string,
  beside: Beside,
  signal: AbortSignal | undefined,
): Promise<CheckedRelease> {
  const manifestPath = join(folder, manifestName);
  const found = await lstat(manifestPath).catch(() => undefined);
  if (found?.isFile() !== true) {
    const instead = found === undefined ? "nothing" : found.isSymbolicLink() ? "link" : "other";
    return refused(folder, { kind: "manifest-missing", path: manifestName, found: instead });
  }
  if (found.size > largestManifest) {
    const { size } = found;
    return refused(folder, { kind: "manifest-too-large", path: manifestName, size, limit: largestManifest });
  }
  const bytes = await readPlainBytes(manifestPath, largestManifest);
  if (bytes === undefined) {
    return refused(folder, { kind: "unreadable", path: manifestName, reason: "no access" });
  }
  const text = textOf(bytes);
  if (text === undefined) {
    return refused(folder, { kind: "manifest-not-json", path: manifestName, reason: "not UTF-8" });
  }
  const reading = readManifest(text);
  const sizes = new Map([...reading.artifacts, ...reading.documents].map(({ path, size }) => [path, size]));
  const entered = [...reading.named].filter(isSafePath);
  const listing = await observeFolder(folder, new Set([...entered, `${attestationsFolder}/`]));
  const files = await digestFiles(folder, listing, ({ path, size }) => sizes.get(path) === size, signal);
  const trees = new Set(
    reading.artifacts.filter(({ kind }) => kind === "device-tree").map(({ path }) => path),
  );
  const read = await Promise.all(
    files.map(async (file): Promise<Observed> => {
      if (file.path === manifestName) return { ...file, sha256: sha256Of(bytes) };
      const wanted = trees.has(file.path) && file.sha256 !== undefined;
      const content = wanted ? await readPlainBytes(join(folder, file.path), largestTree) : undefined;
      return content === undefined ? file : { ...file, content };
    }),
  );
  const sums = await readPlainBytes(join(folder, checksumsName), largestManifest);
  const observed = { files: read, ...(sums !== undefined && { checksums: sums.toString("utf8") }) };
  const { manifest } = reading;
  return {
    folder,
    report: verifyManifest(text, observed, beside),
    ...(manifest !== undefined && { manifest }),
    signed: new Map([[manifestName, bytes] as const, ...(sums ? [[checksumsName, sums] as const] : [])]),
    files: read,
  };
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function refused(folder: string, fault: Fault): CheckedRelease {
  return { folder, report: { ok: false, artifacts: [], faults: [fault] }, signed: new Map(), files: [] };
}
