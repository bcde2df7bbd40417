import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { lockDigest } from "../build/lock-digest.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Lock } from "../lock/lock.ts";
import { readLock } from "../lock/read-lock.ts";
import { sha256Integrity } from "../release/integrity.ts";
import type { Manifest } from "../release/manifest.ts";
import { readManifest } from "../release/read-manifest.ts";
import { verifyRelease } from "../release/verify-release.ts";
import { filesOfManifest, type Made } from "./made.ts";

/** A finished build that a rebuild is compared with. */
export interface Original {
  /** Absolute folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Text of manifest.json. */
  readonly text: string;
  readonly made: Made;
}

/** manifest.json is small; more than this is no manifest. */
const largestManifest = 16 * 1024 * 1024;

/**
 * Reads a release or an out folder, or a manifest alone. A folder has to be as its manifest says. Failures:
 * NVLAB_FILE_MISSING, NVLAB_REPRODUCE.
 */
export async function readOriginal(path: string, signal: AbortSignal): Promise<Result<Original>> {
  const place = await stat(path).catch(() => undefined);
  const folder = place?.isDirectory() === true ? resolve(path) : dirname(resolve(path));
  const file = place?.isDirectory() === true ? join(folder, "manifest.json") : resolve(path);
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true || found.size > largestManifest)
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `there is no manifest ${file}`,
      hint: "name the folder of a release, or its manifest.json",
    });
  const text = await readFile(file, "utf8");
  const { manifest, faults } = readManifest(text);
  if (!manifest || faults.length > 0)
    return failed({
      code: "NVLAB_REPRODUCE",
      message: `${file} is not a manifest that can be rebuilt from`,
      hint: "`nvlab verify` says what is wrong with it",
    });
  if (place?.isDirectory() === true) {
    const verified = await verifyRelease(folder, signal);
    if (!verified.ok) return verified;
    if (!verified.value.ok)
      return failed({
        code: "NVLAB_REPRODUCE",
        message: `${folder} is not what its manifest says: there is nothing to compare a rebuild with`,
        hint: `\`nvlab verify ${folder}\` lists what was altered`,
      });
  }
  const made = { label: "original", files: filesOfManifest(manifest, folder), manifest, nodes: [] };
  return ok({ folder, manifest, text, made });
}

/** What cannot come out the same again, whoever builds: where the manifest says so itself. */
export function notRebuildable({ manifest }: Original): string | undefined {
  const local = manifest.components.find(({ sources }) => sources.some(({ type }) => type === "local"));
  if (local) return `'${local.name}' was built from a local source, which only its builder has`;
  if (manifest.project.dirty) return "it was built from a project with changes that were not committed";
  if (manifest.incremental) return "it was built incrementally, from object files that were kept";
  return undefined;
}

/** The lock that a manifest was built with, which is known by its digest. Failures: NVLAB_LOCK, NVLAB_FILE_MISSING. */
export async function lockOf(
  { manifest, folder }: Original,
  path: string | undefined,
): Promise<Result<Lock>> {
  const file = path ?? join(folder, "nvlab.lock");
  const lock = await readLock(file);
  if (!lock.ok) return lock;
  if (lock.value === undefined)
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `there is no lock ${file}`,
      hint: "name the lock that the release was built with: --lock FILE",
    });
  if (sha256Integrity(lockDigest(lock.value)) !== manifest.lock)
    return failed({
      code: "NVLAB_LOCK",
      message: `${file} is not the lock that the manifest was built with`,
      hint: "a release has it beside its manifest, as nvlab.lock",
    });
  return ok(lock.value);
}
