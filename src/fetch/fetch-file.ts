import { rename, rm, truncate } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { interruptedFailure, type Attempt, type Refusal } from "./attempt.ts";
import { attemptHttp } from "./attempt-http.ts";
import { attemptLocal } from "./attempt-local.ts";
import { digestFile, type FileDigests } from "./digest-file.ts";
import { diskFailure } from "./disk-failure.ts";
import { downloadPath, setAside, sizeOf } from "./downloads.ts";
import type { Network } from "./network.ts";
import { claimPartial, releasePartial } from "./partial-file.ts";
import { localPath, redact } from "./place.ts";
import type { Emit } from "../report/event.ts";
import type { FetchTiming } from "./wanted-file.ts";

/** What is known of a file before it is downloaded: its size, or at least a digest. */
export interface Transfer {
  readonly name: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly sha512?: string;
  readonly places: readonly string[];
}

export interface TransferTools {
  readonly cacheDir: string;
  readonly network: Network;
  readonly emit: Emit;
  readonly timing: FetchTiming;
  readonly signal: AbortSignal;
}

export type Transferred =
  | { readonly type: "done"; readonly digests: FileDigests }
  | { readonly type: "nowhere"; readonly refusals: readonly { place: string; refusal: Refusal }[] }
  | Extract<Attempt, { type: "stop" }>;

const progressMs = 100;

function progressOf(file: Transfer, emit: Emit): (received: number) => void {
  let last = 0;
  return (received) => {
    const now = Date.now();
    if (now - last < progressMs) return;
    last = now;
    emit({ type: "download-progress", file: file.name, received, bytes: file.size ?? 0 });
  };
}

function matches(file: Transfer, found: FileDigests): boolean {
  return (
    (file.size === undefined || file.size === found.size) &&
    (file.sha256 === undefined || file.sha256 === found.sha256) &&
    (file.sha512 === undefined || file.sha512 === found.sha512)
  );
}

/** Asks one place until it gives the file, refuses it, or has broken off too often. */
async function fromPlace(
  file: Transfer,
  place: string,
  partial: string,
  tools: TransferTools,
): Promise<Refusal | FileDigests> {
  const { timing, signal, emit } = tools;
  const progress = progressOf(file, emit);
  const local = localPath(place);
  let startedOver = false;
  for (let failures = 0; ;) {
    const attempt =
      local === undefined
        ? await attemptHttp(tools.network, place, partial, file.size, signal, progress)
        : await attemptLocal(local, partial, file.size, signal, progress);
    if (attempt.type === "received") {
      const found = await digestFile(partial, file.sha512 !== undefined);
      if (matches(file, found)) return found;
      if (attempt.resumed && !startedOver) {
        startedOver = true;
        await truncate(partial);
        emit({
          type: "download-retried",
          file: file.name,
          place: redact(place),
          reason: "the resumed file is wrong",
        });
        continue;
      }
      const aside = await setAside(tools.cacheDir, partial, file.sha256 ?? found.sha256);
      return { type: "wrong", reason: `has other bytes (sha256 ${found.sha256}), kept as ${aside}` };
    }
    if (attempt.type === "stop") throw new Error("a place alone never ends a download");
    if (attempt.type !== "interrupted" || failures === timing.retries) return attempt;
    emit({ type: "download-retried", file: file.name, place: redact(place), reason: attempt.reason });
    await delay(timing.backOffMs * 2 ** failures, undefined, { signal });
    failures += 1;
  }
}

/** Downloads one file to its place in the cache by its digest; asks its places in order. */
export async function fetchFile(file: Transfer, tools: TransferTools): Promise<Transferred> {
  const key = file.sha256 ?? file.sha512?.slice(0, 64) ?? "";
  const { cacheDir, signal, emit } = tools;
  let partial: string | undefined;
  try {
    const known = file.sha256 === undefined ? undefined : downloadPath(cacheDir, file.sha256);
    partial = await claimPartial(cacheDir, key, known ?? "", signal);
    const there = known === undefined ? undefined : await sizeOf(known);
    if (there !== undefined && (file.size ?? there) === there) {
      return { type: "done", digests: { size: there, sha256: key } };
    }
    if (partial === undefined) throw new Error(`${file.name} was finished elsewhere and is not there`);
    emit({ type: "download-started", file: file.name, bytes: file.size ?? 0 });
    const refusals: { place: string; refusal: Refusal }[] = [];
    for (const place of file.places) {
      const result = await fromPlace(file, place, partial, tools);
      if (!("type" in result)) {
        await rename(partial, downloadPath(cacheDir, result.sha256));
        emit({ type: "download-finished", file: file.name, bytes: result.size });
        return { type: "done", digests: result };
      }
      if (result.type === "wrong") await rm(partial, { force: true });
      refusals.push({ place: redact(place), refusal: result });
    }
    return { type: "nowhere", refusals };
  } catch (error) {
    if (signal.aborted) return { type: "stop", failure: interruptedFailure };
    const failure = diskFailure(error, cacheDir);
    if (failure === undefined) throw error;
    return { type: "stop", failure };
  } finally {
    if (partial !== undefined) await releasePartial(cacheDir, key, partial);
  }
}
