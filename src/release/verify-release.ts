import { lstat, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Result } from "../failure/result.ts";
import { failed, ok } from "../failure/result.ts";
import type { Fault, Observed, VerifyReport } from "./fault.ts";
import { checksumsName, isSafePath, manifestName } from "./known-files.ts";
import { digestFiles, observeFolder, readPlainBytes, readPlainText } from "./observe.ts";
import { readManifest } from "./read-manifest.ts";
import { verifyManifest } from "./verify.ts";

/** A manifest of a thousand artifacts has half a megabyte; nobody has to parse more than this. */
export const largestManifest = 16 * 1024 * 1024;

/** The largest device tree that Linux takes on some architectures; real ones have a tenth of it. */
const largestTree = 2 * 1024 * 1024;

/**
 * Checks a release: a folder, or the manifest.json in it. Reads only that folder; follows no link in it and
 * runs nothing. Fails (as opposed to reporting faults) only where there is nothing to check.
 */
export async function verifyRelease(path: string, signal?: AbortSignal): Promise<Result<VerifyReport>> {
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
  return ok(await verifyFolder(place?.isDirectory() === true ? path : dirname(path), signal));
}

async function verifyFolder(folder: string, signal: AbortSignal | undefined): Promise<VerifyReport> {
  const manifestPath = join(folder, manifestName);
  const found = await lstat(manifestPath).catch(() => undefined);
  if (found?.isFile() !== true) {
    const instead = found === undefined ? "nothing" : found.isSymbolicLink() ? "link" : "other";
    return refused({ kind: "manifest-missing", path: manifestName, found: instead });
  }
  if (found.size > largestManifest) {
    return refused({
      kind: "manifest-too-large",
      path: manifestName,
      size: found.size,
      limit: largestManifest,
    });
  }
  const text = await readPlainText(manifestPath, largestManifest);
  if (text === undefined) {
    return refused({ kind: "unreadable", path: manifestName, reason: "no access" });
  }
  const reading = readManifest(text);
  const sizes = new Map(reading.artifacts.map(({ path, size }) => [path, size]));
  const listing = await observeFolder(folder, new Set([...reading.named].filter(isSafePath)));
  const files = await digestFiles(
    folder,
    listing,
    ({ path, size }) => path === manifestName || sizes.get(path) === size,
    signal,
  );
  const trees = new Set(
    reading.artifacts.filter(({ kind }) => kind === "device-tree").map(({ path }) => path),
  );
  const read = await Promise.all(
    files.map(async (file): Promise<Observed> => {
      const wanted = trees.has(file.path) && file.sha256 !== undefined;
      const content = wanted ? await readPlainBytes(join(folder, file.path), largestTree) : undefined;
      return content === undefined ? file : { ...file, content };
    }),
  );
  const checksums = await readPlainText(join(folder, checksumsName), largestManifest);
  return verifyManifest(text, { files: read, ...(checksums === undefined ? {} : { checksums }) });
}

function refused(fault: Fault): VerifyReport {
  return { ok: false, artifacts: [], faults: [fault] };
}
