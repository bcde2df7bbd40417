import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "../failure/result.ts";
import { all, failed, ok } from "../failure/result.ts";
import { releaseChecksums } from "./checksums.ts";
import { composeManifest } from "./compose.ts";
import type { ReleaseArtifact } from "./facts.ts";
import { fileIntegrity } from "./integrity.ts";
import { checksumsName, isSafePath, manifestName } from "./known-files.ts";
import { Manifest } from "./manifest.ts";
import { outFailure } from "./out-failure.ts";
import { inTurnFor } from "./out-turn.ts";
import type { StampedFile } from "./out-stamp.ts";
import { isUntouched, readStamp, stampedArtifacts, writeStamp } from "./out-stamp.ts";
import { copyInto, writeTextInto } from "./place-file.ts";
import type { ReleaseRequest, WrittenRelease } from "./release-request.ts";
import { renderManifest } from "./render.ts";
import { removeStale, removeTemporaries } from "./stale-files.ts";

/** Files that are copied and hashed at once: reading one overlaps with hashing another. */
const copiesAtOnce = 2;

/** The work of `writeRelease` where something has changed. One process at a time does it for one folder. */
export async function fillOutFolder(request: ReleaseRequest, key: string): Promise<Result<WrittenRelease>> {
  const { out, signal } = request;
  try {
    return await inTurnFor(request, () => fill(request, key), signal);
  } catch (error) {
    if (signal?.aborted === true) {
      return failed({ code: "NVLAB_INTERRUPTED", message: `Interrupted while ${out} was written.` });
    }
    const failure = outFailure(error, out);
    if (failure === undefined) throw error;
    return failed(failure);
  }
}

async function fill(request: ReleaseRequest, key: string): Promise<Result<WrittenRelease>> {
  const { facts, out, cacheDir } = request;
  const artifacts = uniqueArtifacts(request.artifacts);
  await mkdir(out, { recursive: true });
  await removeTemporaries(out);
  const stamp = readStamp(cacheDir, out);
  const known = new Map((stamp?.files ?? []).map((file) => [file.path, file]));
  const stale = await removeStale(out, known, new Set(artifacts.map(({ path }) => path)));

  const written: string[] = [];
  const placed = all(
    await inTurn(artifacts, copiesAtOnce, async (artifact) => {
      request.signal?.throwIfAborted();
      const before = known.get(artifact.path);
      if (before?.sha256 === artifact.sha256 && before.integrity !== undefined && isUntouched(out, before)) {
        return ok({ ...before, kind: artifact.kind, component: artifact.component });
      }
      const result = await placeArtifact(out, artifact, request.signal);
      if (result.ok) written.push(artifact.path);
      return result;
    }),
  );
  if (!placed.ok) return placed;

  const composed = Manifest.parse(composeManifest(facts, placed.value.map(manifestArtifact)));
  const manifest = renderManifest(composed);
  const manifestSha256 = createHash("sha256").update(manifest).digest("hex");
  const checksums = releaseChecksums(composed, manifestSha256);
  const texts = [
    { path: checksumsName, text: checksums },
    { path: manifestName, text: manifest },
  ];
  for (const { path, text } of texts) {
    if (await holds(join(out, path), text)) continue;
    await writeTextInto(out, path, text);
    written.push(path);
  }
  const files = [...placed.value, ...texts.map(({ path, text }) => stampText(out, path, text))];
  writeStamp(cacheDir, { out, key, files });
  return ok({
    artifacts: stampedArtifacts({ files }),
    written: written.sort(),
    ...stale,
  });
}

async function placeArtifact(
  out: string,
  artifact: ReleaseArtifact,
  signal: AbortSignal | undefined,
): Promise<Result<StampedFile>> {
  const placed = await copyInto(out, artifact, signal);
  if (!placed.ok) return placed;
  const { path, kind, component, sha256 } = artifact;
  return ok({ ...statOf(out, path), path, kind, component, sha256, integrity: fileIntegrity(placed.value) });
}

function manifestArtifact(file: StampedFile): {
  path: string;
  kind: ReleaseArtifact["kind"];
  component: string;
  size: number;
  integrity: string;
} {
  const { path, kind, component, size, integrity } = file;
  if (kind === undefined || component === undefined || integrity === undefined) {
    throw new Error(`${path} was placed without being an artifact`);
  }
  return { path, kind, component, size, integrity };
}

function stampText(out: string, path: string, text: string): StampedFile {
  return { ...statOf(out, path), path, sha256: createHash("sha256").update(text).digest("hex") };
}

function statOf(out: string, path: string): Pick<StampedFile, "size" | "mtimeMs" | "ctimeMs" | "inode"> {
  const { size, mtimeMs, ctimeMs, ino } = lstatSync(join(out, path));
  return { size, mtimeMs, ctimeMs, inode: ino };
}

async function holds(path: string, text: string): Promise<boolean> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  return (await readFile(path, "utf8")) === text;
}

function uniqueArtifacts(artifacts: readonly ReleaseArtifact[]): readonly ReleaseArtifact[] {
  const paths = new Set<string>([manifestName, checksumsName]);
  for (const { path } of artifacts) {
    if (!isSafePath(path) || paths.has(path)) throw new Error(`two artifacts, or no plain path: ${path}`);
    paths.add(path);
  }
  return artifacts;
}

/** Maps with at most `limit` at work; the results keep the order. After a throw nothing new is begun. */
async function inTurn<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()].reverse();
  const worker = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      try {
        results[next[0]] = await work(next[1]);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return results;
}
