import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { failed, ok, type Failed, type Result } from "../failure/result.ts";
import { interruptedFailure } from "../fetch/attempt.ts";
import { diskFailure, errorCode } from "../fetch/disk-failure.ts";
import { downloadPath } from "../fetch/downloads.ts";
import { inParallel } from "../fetch/pool.ts";
import type { Environment } from "../fetch/wanted-file.ts";
import type { LockedRoot } from "../lock/lock.ts";
import type { Emit } from "../report/event.ts";
import { makeFixtures, makeLinks, makeMergedUsr, setModes } from "./furnish.ts";
import { mergeTree } from "./merge-tree.ts";
import { unpackPackage } from "./unpack-package.ts";

export interface UnpackRequest {
  /** Name of the root, for people. */
  readonly name: string;
  readonly locked: LockedRoot;
  /** Of the root's recipe. */
  readonly links: Readonly<Record<string, string>>;
  readonly cacheDir: string;
  /** From `rootDigest` of the same packages and links. */
  readonly digest: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly environment: Environment;
}

/** Where the tree of a root is, once unpacked. */
export function rootTree(cacheDir: string, digest: string): string {
  return join(cacheDir, "roots", digest, "tree");
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function build(request: UnpackRequest, work: string): Promise<Result<string>> {
  const { locked, signal, emit, name, environment } = request;
  const tree = join(work, "root", "tree");
  await mkdir(tree, { recursive: true });
  makeMergedUsr(tree);
  let unpacked = 0;
  let broken: Failed | undefined;
  // Folders are merged in the lock's order, whichever was unpacked first: the later one of two equal paths wins.
  const waiting = new Map<number, string>();
  let next = 0;
  await inParallel(locked.packages, availableParallelism(), async (entry, index) => {
    if (broken !== undefined || signal.aborted) return;
    const folder = join(work, `package-${index}`);
    const file = downloadPath(request.cacheDir, entry.sha256);
    const result = await unpackPackage(file, `${entry.name}_${entry.version}`, folder, {
      environment,
      signal,
    });
    if (!result.ok) {
      broken ??= result;
      return;
    }
    waiting.set(index, folder);
    for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
      const merged = mergeTree(ready, tree, locked.packages[next]?.name ?? "");
      if (!merged.ok) broken ??= merged;
      waiting.delete(next);
      next += 1;
    }
    unpacked += 1;
    emit({ type: "root-progress", root: name, unpacked, packages: locked.packages.length });
  });
  if (signal.aborted) return failed(interruptedFailure);
  if (broken !== undefined) return broken;
  const fixtures = makeFixtures(tree);
  if (!fixtures.ok) return fixtures;
  const links = makeLinks(tree, request.links);
  if (!links.ok) return links;
  const odd = await setModes(tree);
  if (odd !== undefined) {
    const path = odd.slice(tree.length);
    return failed({ code: "NVLAB_ARCHIVE", message: `${path} is neither a file, a folder nor a link` });
  }
  return ok(join(work, "root"));
}

/**
 * Unpacks the downloaded packages of a root into <cache>/roots/<digest>/tree, which appears at once and
 * complete; a killed run leaves only rubbish in <cache>/tmp. Nothing of the packages is run.
 * @returns path of the tree
 */
export async function unpackRoot(request: UnpackRequest): Promise<Result<string>> {
  const { cacheDir, digest, name, emit, signal } = request;
  const done = rootTree(cacheDir, digest);
  if (await isFolder(done)) return ok(done);
  if (signal.aborted) return failed(interruptedFailure);
  emit({ type: "root-started", root: name, packages: request.locked.packages.length });
  let work: string | undefined;
  try {
    await mkdir(join(cacheDir, "tmp"), { recursive: true });
    await mkdir(join(cacheDir, "roots"), { recursive: true });
    work = await mkdtemp(join(cacheDir, "tmp", "root-"));
    const built = await build(request, work);
    if (!built.ok) return built;
    await rename(built.value, join(cacheDir, "roots", digest)).catch((error: unknown) => {
      // Another nvlab was faster with the same root.
      if (!["ENOTEMPTY", "EEXIST"].includes(errorCode(error))) throw error;
    });
    emit({ type: "root-finished", root: name });
    return ok(done);
  } catch (error) {
    const failure = diskFailure(error, cacheDir);
    if (failure === undefined) throw error;
    return failed(failure);
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}
