import { createHash } from "node:crypto";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { interruptedFailure } from "../fetch/attempt.ts";
import { mirrorIndexName } from "../fetch/mirror-layout.ts";
import type { MirrorFile } from "../fetch/mirror-index.ts";
import { readLimited } from "../fetch/mirror-folder.ts";
import { renderChecksums } from "../release/checksums.ts";
import { checksumsName } from "../release/known-files.ts";
import { readMirrorState } from "./mirror-state.ts";
import { digestsOf } from "./place-copy.ts";

/** What is wrong with a file of a mirror. */
export interface MirrorFault {
  readonly path: string;
  readonly kind: "missing" | "size" | "altered" | "link" | "extra" | "unreadable" | "checksums";
  /** For a person. */
  readonly what: string;
}

export interface MirrorVerdict {
  readonly folder: string;
  readonly lock: string;
  readonly complete: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly faults: readonly MirrorFault[];
}

/** An index, and checksums beside it, of more bytes than this are nobody's. */
const largestText = 32 * 1024 * 1024;

/** Hashes every file that a mirror's index names, and looks for what it does not name. Follows no link. */
export async function verifyMirror(path: string, signal: AbortSignal): Promise<Result<MirrorVerdict>> {
  const state = await readMirrorState(path, false);
  if (!state.ok) return state;
  const { folder, index } = state.value;
  if (index === undefined) throw new Error("a mirror without an index was opened");
  const there = await listFiles(folder);
  const faults: MirrorFault[] = [];
  try {
    for (const file of index.files) {
      const fault = await checkFile(folder, file, there, signal);
      if (fault !== undefined) faults.push({ path: file.path, ...fault });
      there.delete(file.path);
    }
  } catch (error) {
    if (signal.aborted) return failed(interruptedFailure);
    throw error;
  }
  faults.push(...(await checkSums(folder, index.files)));
  there.delete(mirrorIndexName);
  there.delete(checksumsName);
  for (const [extra, type] of there) {
    const kind = type === "link" ? "link" : "extra";
    faults.push({ path: extra, kind, what: `a ${type} that the index does not name` });
  }
  const { lock, complete } = index;
  const bytes = index.files.reduce((sum, { size }) => sum + size, 0);
  return ok({ folder: path, lock, complete, files: index.files.length, bytes, faults });
}

type Found = "file" | "link" | "other thing";

async function listFiles(folder: string): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  const enter = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      // What a run that goes on, or was killed, is about to rename.
      if (below === "" && entry.name.startsWith(".nvlab-")) continue;
      if (entry.isDirectory()) await enter(path);
      else found.set(path, entry.isSymbolicLink() ? "link" : entry.isFile() ? "file" : "other thing");
    }
  };
  await enter("");
  return found;
}

async function checkFile(
  folder: string,
  file: MirrorFile,
  there: ReadonlyMap<string, Found>,
  signal: AbortSignal,
): Promise<Omit<MirrorFault, "path"> | undefined> {
  const type = there.get(file.path);
  if (type === undefined) return { kind: "missing", what: "not there, or behind a link" };
  if (type !== "file") return { kind: "link", what: `a ${type} in its place` };
  const { size } = await lstat(join(folder, file.path));
  if (size !== file.size) return { kind: "size", what: `${String(size)} bytes, not ${String(file.size)}` };
  const digests = await digestsOf(folder, file.path, signal);
  if (digests === undefined) return { kind: "unreadable", what: "cannot be read" };
  if (digests.sha256 === file.sha256) return undefined;
  return { kind: "altered", what: `other bytes: sha256 ${digests.sha256}, not ${file.sha256}` };
}

async function checkSums(folder: string, files: readonly MirrorFile[]): Promise<MirrorFault[]> {
  const fault = (what: string): MirrorFault[] => [{ path: checksumsName, kind: "checksums", what }];
  const [index, sums] = await Promise.all(
    [mirrorIndexName, checksumsName].map((name) => readLimited(join(folder, name), largestText)),
  );
  if (sums === undefined || !("text" in sums)) return fault(sums?.reason ?? "is not there");
  const indexText = index !== undefined && "text" in index ? index.text : "";
  const own = { path: mirrorIndexName, sha256: createHash("sha256").update(indexText).digest("hex") };
  return sums.text === renderChecksums([...files, own])
    ? []
    : fault(`does not agree with ${mirrorIndexName}`);
}
