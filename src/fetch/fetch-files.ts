import { setMaxListeners } from "node:events";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Refusal } from "./attempt.ts";
import { downloadPath, prepareDownloads, setAside, sizeOf } from "./downloads.ts";
import { diskFailure } from "./disk-failure.ts";
import { fetchFile } from "./fetch-file.ts";
import { mirrorFailure, openMirrors, placesIn, type MirrorPlaces } from "./open-mirrors.ts";
import { openNetwork, timingOf, type Network } from "./network.ts";
import { localPath } from "./place.ts";
import { inParallel } from "./pool.ts";
import type { FetchContext, WantedFile } from "./wanted-file.ts";

export interface FetchOutcome {
  readonly failures: readonly Failure[];
  /** Files that every place is certain not to have: what may be resolved anew. */
  readonly gone: readonly WantedFile[];
}

/** The failure of a file that no place gave. */
export function nowhereFailure(
  name: string,
  refusals: readonly { place: string; refusal: Refusal }[],
): Failure {
  const details = refusals.map(({ place, refusal }) => `${place}: ${refusal.reason}`);
  if (refusals.some(({ refusal }) => refusal.type === "wrong")) {
    return {
      code: "NVLAB_DIGEST",
      message: `${name}: no place has the bytes that the lock asks for`,
      hint: "if the change is known and wanted, lock it anew: nvlab lock --update NAME",
      details,
    };
  }
  const gone = refusals.every(({ refusal }) => refusal.type === "absent");
  const why =
    refusals.length === 0
      ? "there is no place to ask"
      : gone
        ? "it has left every place"
        : "no place gave it";
  return {
    code: "NVLAB_DOWNLOAD",
    message: `${name} cannot be downloaded: ${why}`,
    hint:
      refusals.length === 0
        ? "name a mirror: --debian-mirror, NVLAB_DEBIAN_MIRROR or nvlab.yaml"
        : gone
          ? "resolve the entry anew with `nvlab lock --update NAME`, or name a mirror that still has it"
          : "check the network and the proxy; `nvlab doctor` asks the mirror",
    details,
  };
}

/** What is not in the cache yet. A file of another size than asked for is set aside. */
export async function missingFiles(files: readonly WantedFile[], cacheDir: string): Promise<WantedFile[]> {
  const byDigest = new Map(files.map((file) => [file.sha256, file]));
  const missing: WantedFile[] = [];
  for (const file of byDigest.values()) {
    const path = downloadPath(cacheDir, file.sha256);
    const size = await sizeOf(path);
    if (size === file.size) continue;
    if (size !== undefined) await setAside(cacheDir, path, file.sha256);
    missing.push(file);
  }
  return missing;
}

function offlineFailure(files: readonly WantedFile[]): Failure {
  const [first] = files;
  const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
  return {
    code: "NVLAB_OFFLINE",
    message: `${first?.name ?? "a file"}${more} not in the cache, and the network may not be used`,
    hint: "run `nvlab fetch` once with the network, or leave --offline out",
    details: files.map((file) => `${file.name} (${file.size} bytes, sha256 ${file.sha256})`),
  };
}

/** What is to be asked, and how a file that none of it gave is told. */
interface Asking {
  readonly files: readonly WantedFile[];
  readonly failure: (name: string, refusals: MirrorPlaces["refusals"]) => Failure;
}

/** With mirrors, their places take the place of a file's own; a file that none of them names fails at once. */
async function askedFor(
  files: readonly WantedFile[],
  network: Network,
  context: FetchContext,
  failures: Failure[],
): Promise<Result<Asking>> {
  const bases = context.mirrors ?? [];
  if (bases.length === 0) return ok({ files, failure: nowhereFailure });
  const usable = bases.filter((base) => !context.offline || localPath(base) !== undefined);
  const mirrors = await openMirrors(usable, network, context.signal);
  if (!mirrors.ok) return mirrors;
  const asked: WantedFile[] = [];
  const unnamed = new Map<string, MirrorPlaces["refusals"]>();
  for (const file of files) {
    const { places, refusals } = await placesIn(mirrors.value, ({ byDigest }) => byDigest.get(file.sha256));
    unnamed.set(file.name, refusals);
    if (places.length > 0) asked.push({ ...file, places });
    else failures.push(mirrorFailure(file.name, refusals));
  }
  const failure: Asking["failure"] = (name, refusals) =>
    mirrorFailure(name, [...refusals, ...(unnamed.get(name) ?? [])]);
  return ok({ files: asked, failure });
}

/**
 * Downloads all files that the cache lacks, several at a time. One that fails does not keep the others from
 * being downloaded; a full disk or an interrupt ends all.
 */
export async function downloadFiles(
  files: readonly WantedFile[],
  context: FetchContext,
): Promise<FetchOutcome> {
  const { cacheDir, emit } = context;
  let missing: WantedFile[];
  try {
    missing = await missingFiles(files, cacheDir);
    if (missing.length === 0) return { failures: [], gone: [] };
    await prepareDownloads(cacheDir);
  } catch (error) {
    const failure = diskFailure(error, cacheDir);
    if (failure === undefined) throw error;
    return { failures: [failure], gone: [] };
  }
  const unreachable: WantedFile[] = [];
  const mirrored = (context.mirrors ?? []).length > 0;
  if (context.offline && !mirrored) {
    const local = missing.map((file) => ({
      ...file,
      places: file.places.filter((place) => localPath(place)),
    }));
    unreachable.push(...local.filter((file) => file.places.length === 0));
    missing = local.filter((file) => file.places.length > 0);
    if (missing.length === 0) return { failures: [offlineFailure(unreachable)], gone: [] };
  }
  const network = await openNetwork(context);
  if (!network.ok) return { failures: network.failures, gone: [] };
  const halt = new AbortController();
  const signal = AbortSignal.any([context.signal, halt.signal]);
  setMaxListeners(0, signal);
  const tools = { cacheDir, emit, network: network.value, timing: timingOf(context), signal };
  const gone: WantedFile[] = [];
  const failures: Failure[] = [];
  try {
    const asking = await askedFor(missing, network.value, { ...context, signal }, failures);
    if (!asking.ok) return { failures: asking.failures, gone: [] };
    const { files: asked, failure: tell } = asking.value;
    await inParallel(asked, context.concurrency ?? 8, async (file) => {
      if (signal.aborted) return;
      const result = await fetchFile(file, tools);
      if (result.type === "done" || (result.type === "stop" && halt.signal.aborted)) return;
      if (result.type === "stop") {
        failures.push(result.failure);
        halt.abort();
      } else if (context.offline && !mirrored) unreachable.push(file);
      else {
        failures.push(tell(file.name, result.refusals));
        const certain = result.refusals.every(({ refusal }) => refusal.type === "absent");
        if (certain && result.refusals.length > 0 && !mirrored) gone.push(file);
      }
    });
  } finally {
    await network.value.close();
  }
  if (unreachable.length > 0) failures.push(offlineFailure(unreachable));
  return { failures, gone };
}

/** All files in the cache afterwards, verified by digest, or the failures of those that could not be had. */
export async function fetchFiles(
  files: readonly WantedFile[],
  context: FetchContext,
): Promise<Result<undefined>> {
  const { failures } = await downloadFiles(files, context);
  return failures.length > 0 ? failed(...failures) : ok(undefined);
}
