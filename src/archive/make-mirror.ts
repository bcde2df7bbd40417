import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { interruptedFailure } from "../fetch/attempt.ts";
import { diskFailure } from "../fetch/disk-failure.ts";
import type { MirrorFile } from "../fetch/mirror-index.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import type { FileDigests } from "../release/hash-file.ts";
import type { MirrorItem, Obtained } from "./mirror-item.ts";
import { readMirrorState, writeMirrorState } from "./mirror-state.ts";
import { obtain } from "./obtain.ts";
import { digestsOf, placeCopy, placeText, type Placing } from "./place-copy.ts";
import { removeFiles } from "./remove-files.ts";

export interface MirrorRequest {
  /** Absolute. */
  readonly folder: string;
  readonly items: readonly MirrorItem[];
  /** Digest of the lock that the items come from. */
  readonly lock: string;
  /** Whether the items are all that the lock names. */
  readonly whole: boolean;
  /** "add": a mirror of another lock is refused; "update": added to; "prune": what is not asked for goes. */
  readonly mode: "add" | "update" | "prune";
  /** Never a hard link to the cache. */
  readonly copy: boolean;
}

export type Arrival = Placing | "kept";

export interface MirrorReport {
  readonly folder: string;
  readonly complete: boolean;
  readonly files: readonly (MirrorFile & { readonly how: Arrival })[];
  /** Paths that were in the folder with other bytes, and are right now. */
  readonly mended: readonly string[];
  readonly removed: readonly string[];
  /** Why files that were asked for are not there. */
  readonly failures: readonly Failure[];
}

type Have = MirrorFile & { readonly how: Arrival };

/** Whether bytes are those that are asked for. Of a pack nothing is known before it is made. */
function isGood({ origin }: MirrorItem, { size, sha256, sha512 }: FileDigests): boolean {
  switch (origin.type) {
    case "file":
      return size === origin.wanted.size && sha256 === origin.wanted.sha256;
    case "npm":
      return sha512 === origin.npm.sha512;
    case "text":
      return sha256 === createHash("sha256").update(origin.text).digest("hex");
    case "git":
      return true;
  }
}

/** Makes a folder hold the items, or as many of them as are to be had; what is right already stays as it is. */
export async function makeMirror(
  request: MirrorRequest,
  context: FetchContext,
): Promise<Result<MirrorReport>> {
  await mkdir(join(context.cacheDir, "tmp"), { recursive: true });
  const work = await mkdtemp(join(context.cacheDir, "tmp", "mirror-"));
  try {
    return await make(request, work, context);
  } catch (error) {
    if (context.signal.aborted) return failed(interruptedFailure);
    const failure = diskFailure(error, request.folder);
    if (failure === undefined) throw error;
    return failed(failure);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function make(
  request: MirrorRequest,
  work: string,
  context: FetchContext,
): Promise<Result<MirrorReport>> {
  const { items, lock, mode } = request;
  const { signal } = context;
  const state = await readMirrorState(request.folder, true);
  if (!state.ok) return state;
  const { folder, index } = state.value;
  if (index !== undefined && index.lock !== lock && mode === "add") {
    return failed({
      code: "NVLAB_MIRROR",
      message: `${request.folder} was made from another lock`,
      hint: "--update adds what this lock names, --prune also removes what it does not name",
    });
  }
  const before = new Map((index?.files ?? []).map((file) => [file.path, file]));
  // From here on an interrupted run can be gone on with: the folder is a mirror.
  if (index === undefined) await writeMirrorState(folder, lock, false, []);

  const have: Have[] = [];
  const missing: MirrorItem[] = [];
  const mended = new Set<string>();
  for (const item of items) {
    const { path, kind, origin } = item;
    const there = await digestsOf(folder, path, signal);
    const recorded = before.get(path);
    const good =
      there !== undefined &&
      isGood(item, there) &&
      (origin.type !== "git" || recorded?.sha256 === there.sha256);
    if (good) {
      have.push({ path, kind, size: there.size, sha256: there.sha256, for: [...item.for], how: "kept" });
      continue;
    }
    if (there !== undefined) mended.add(path);
    missing.push(item);
  }

  const failures: Failure[] = [];
  const place = async (item: MirrorItem, { from, text, share }: Obtained): Promise<boolean> => {
    const { path, kind } = item;
    if (text !== undefined) {
      const written = await placeText(folder, path, text.content);
      if (!written.ok) failures.push(...written.failures);
      else
        have.push({ path, kind, size: text.size, sha256: text.sha256, for: [...item.for], how: "written" });
      return true;
    }
    const good = (digests: FileDigests): boolean => isGood(item, digests);
    const placed = await placeCopy(folder, path, from, good, share && !request.copy, signal);
    if (!placed.ok) failures.push(...placed.failures);
    else if (placed.value === undefined) return false;
    else {
      const { how, digests } = placed.value;
      have.push({ path, kind, size: digests.size, sha256: digests.sha256, for: [...item.for], how });
    }
    return true;
  };
  failures.push(...(await obtain(missing, place, work, context)));
  if (signal.aborted) return failed(interruptedFailure);

  const named = new Set(items.map(({ path }) => path));
  const others = [...before.values()].filter(({ path }) => !named.has(path));
  const removed =
    mode === "prune"
      ? await removeFiles(
          folder,
          others.map(({ path }) => path),
        )
      : [];
  const staying: Have[] = [];
  for (const file of mode === "prune" ? [] : others) {
    const there = await digestsOf(folder, file.path, signal);
    if (there?.sha256 === file.sha256) staying.push({ ...file, how: "kept" });
  }
  const complete =
    failures.length === 0 && (request.whole || (index?.complete === true && index.lock === lock));
  const files = [...have, ...staying];
  const listed = files.map(({ path, kind, size, sha256, for: why }) => ({
    path,
    kind,
    size,
    sha256,
    for: why,
  }));
  const written = await writeMirrorState(folder, lock, complete, listed);
  if (!written.ok) return written;
  const arrived = new Set(have.map(({ path }) => path));
  return ok({
    folder: request.folder,
    complete,
    files,
    mended: [...mended].filter((path) => arrived.has(path)).sort(),
    removed,
    failures,
  });
}
