import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ArtifactKind } from "../recipe/schema/target.ts";
import type { ReleaseArtifact, ReleaseFacts } from "./facts.ts";
import type { WrittenArtifact } from "./release-request.ts";

/** Raised when the layout of the out folder, the manifest or the stamp changes, so that all is written anew. */
const stampVersion = 2;

/** A file of the out folder as it was when nvlab had written it. */
export interface StampedFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** SRI text; absent for SHA256SUMS and manifest.json. */
  readonly integrity?: string;
  readonly kind?: ArtifactKind;
  readonly component?: string;
}

/** What is remembered of an out folder, so that a build that changes nothing copies and hashes nothing. */
export interface OutStamp {
  readonly stampVersion: number;
  readonly out: string;
  readonly key: string;
  readonly files: readonly StampedFile[];
}

/**
 * Digest over all that decides the content of an out folder: two requests with one key give the same files.
 * Host paths are no part of it.
 */
export function releaseKey(facts: ReleaseFacts, artifacts: readonly ReleaseArtifact[]): string {
  const content = artifacts.map(({ path, kind, component, sha256 }) => [path, kind, component, sha256]);
  return createHash("sha256")
    .update(JSON.stringify([stampVersion, facts, content]))
    .digest("hex");
}

/**
 * The stamp of an out folder that already holds what `key` stands for, or undefined where something has to be
 * written. Costs one lstat a file and loads nothing else.
 */
export function currentStamp(cacheDir: string, out: string, key: string): OutStamp | undefined {
  const stamp = readStamp(cacheDir, out);
  if (stamp?.key !== key) return undefined;
  return stamp.files.every((file) => isUntouched(out, file)) ? stamp : undefined;
}

/** True where the file is the very one that was written: size, times and inode are as they were. */
export function isUntouched(out: string, file: StampedFile): boolean {
  const stat = lstatSync(join(out, file.path), { throwIfNoEntry: false });
  return (
    stat?.isFile() === true &&
    stat.size === file.size &&
    stat.mtimeMs === file.mtimeMs &&
    stat.ctimeMs === file.ctimeMs &&
    stat.ino === file.inode
  );
}

/** What was remembered, or undefined; a stamp that cannot be used is as good as none. */
export function readStamp(cacheDir: string, out: string): OutStamp | undefined {
  try {
    const stamp = JSON.parse(readFileSync(stampPath(cacheDir, out), "utf8")) as Partial<OutStamp> | null;
    if (stamp?.stampVersion !== stampVersion || stamp.out !== out || !Array.isArray(stamp.files))
      return undefined;
    return stamp as OutStamp;
  } catch {
    return undefined;
  }
}

export function writeStamp(cacheDir: string, stamp: Omit<OutStamp, "stampVersion">): void {
  const path = stampPath(cacheDir, stamp.out);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify({ stampVersion, ...stamp }));
  renameSync(temporary, path);
}

/** The artifacts that a stamp remembers, for a caller that has asked `currentStamp` itself. */
export function stampedArtifacts(stamp: Pick<OutStamp, "files">): WrittenArtifact[] {
  return stamp.files.flatMap(({ path, kind, component, size, sha256 }) =>
    kind === undefined || component === undefined ? [] : [{ path, kind, component, size, sha256 }],
  );
}

function stampPath(cacheDir: string, out: string): string {
  return join(cacheDir, "outs", `${createHash("sha256").update(out).digest("hex")}.json`);
}
