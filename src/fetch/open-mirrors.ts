import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Refusal } from "./attempt.ts";
import { errorCode } from "./disk-failure.ts";
import type { MirrorFile } from "./mirror-index.ts";
import { mirrorIndexName } from "./mirror-layout.ts";
import { insideMirror, readLimited } from "./mirror-folder.ts";
import type { Network } from "./network.ts";
import { localPath, redact } from "./place.ts";

/** A folder or address that `nvlab mirror` made, with what its index says. */
export interface OpenMirror {
  /** Without a slash at the end. */
  readonly base: string;
  readonly byDigest: ReadonlyMap<string, MirrorFile>;
  readonly byPath: ReadonlyMap<string, MirrorFile>;
}

/** An index of a hundred thousand files has about this many bytes. */
const largestIndex = 32 * 1024 * 1024;

async function readAddress(
  base: string,
  network: Network,
  signal: AbortSignal,
): Promise<{ text: string } | { reason: string }> {
  try {
    const answer = await network.request(`${base}/${mirrorIndexName}`, { method: "GET", signal });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestIndex) return { reason: `its ${mirrorIndexName} is too large` };
      chunks.push(chunk);
    }
    if (answer.statusCode === 200) return { text: Buffer.concat(chunks).toString("utf8") };
    return { reason: `answers ${answer.statusCode} for ${mirrorIndexName}` };
  } catch (error) {
    if (signal.aborted) throw error;
    return { reason: redact(error instanceof Error ? error.message || errorCode(error) : String(error)) };
  }
}

async function readFolder(folder: string): Promise<{ text: string } | { reason: string }> {
  const index = await insideMirror(folder, mirrorIndexName);
  if (!("found" in index)) return { reason: `${mirrorIndexName}: ${index.reason}` };
  const read = await readLimited(index.found, largestIndex);
  return "text" in read ? read : { reason: `${mirrorIndexName} ${read.reason}` };
}

/** Reads the index of each mirror; fails where one of them is none, or cannot be reached. */
export async function openMirrors(
  bases: readonly string[],
  network: Network,
  signal: AbortSignal,
): Promise<Result<OpenMirror[]>> {
  const { parseMirrorIndex } = await import("./mirror-index.ts");
  const opened: OpenMirror[] = [];
  const failures: Failure[] = [];
  for (const base of bases) {
    const local = localPath(base);
    const read = local === undefined ? await readAddress(base, network, signal) : await readFolder(local);
    const parsed = "text" in read ? parseMirrorIndex(read.text) : read;
    if ("index" in parsed) {
      const { files } = parsed.index;
      const byDigest = new Map(files.map((file) => [file.sha256, file]));
      opened.push({ base, byDigest, byPath: new Map(files.map((file) => [file.path, file])) });
      continue;
    }
    failures.push({
      code: "NVLAB_MIRROR",
      message: `${redact(base)} is no mirror that can be used: ${parsed.reason}`,
      hint: "give --mirror the folder that `nvlab mirror DIR` made, or an address that serves it",
    });
  }
  return failures.length > 0 ? failed(...failures) : ok(opened);
}

/** The places of a file in the mirrors, and why others have none. */
export interface MirrorPlaces {
  readonly places: readonly string[];
  readonly refusals: readonly { readonly place: string; readonly refusal: Refusal }[];
}

/** Looks a file up in every mirror. */
export async function placesIn(
  mirrors: readonly OpenMirror[],
  find: (mirror: OpenMirror) => MirrorFile | undefined,
): Promise<MirrorPlaces> {
  const places: string[] = [];
  const refusals: { place: string; refusal: Refusal }[] = [];
  for (const mirror of mirrors) {
    const { base } = mirror;
    const file = find(mirror);
    const local = localPath(base);
    if (file === undefined) {
      refusals.push({
        place: redact(base),
        refusal: { type: "absent", reason: "its index does not name it" },
      });
    } else if (local === undefined) places.push(`${base}/${file.path}`);
    else {
      const inside = await insideMirror(local, file.path);
      if ("found" in inside) places.push(inside.found);
      else {
        const { reason, absent } = inside;
        refusals.push({
          place: `${redact(base)}/${file.path}`,
          refusal: { type: absent ? "absent" : "refused", reason },
        });
      }
    }
  }
  return { places, refusals };
}

/** The failure of a file that no mirror gave. */
export function mirrorFailure(name: string, refusals: MirrorPlaces["refusals"]): Failure {
  const details = refusals.map(({ place, refusal }) => `${place}: ${refusal.reason}`);
  if (refusals.some(({ refusal }) => refusal.type === "wrong")) {
    return {
      code: "NVLAB_DIGEST",
      message: `${name}: the mirror has other bytes than the lock asks for`,
      hint: "`nvlab mirror DIR --verify` says what else is wrong there; nothing of it was used",
      details,
    };
  }
  return {
    code: "NVLAB_MIRROR",
    message: `${name} is not to be had from the mirror, and nothing else may be asked`,
    hint: "where there is a network: `nvlab mirror DIR --update`",
    details,
  };
}
