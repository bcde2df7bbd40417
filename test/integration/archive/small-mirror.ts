import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MirrorItem } from "../../../src/archive/mirror-item.ts";
import type { MirrorRequest } from "../../../src/archive/make-mirror.ts";
import { downloadPath } from "../../../src/fetch/downloads.ts";
import type { FetchContext, WantedFile } from "../../../src/fetch/wanted-file.ts";

export const lockOne = "1".repeat(64);

export function sha256Of(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A file that a lock could name. */
export function wantedFile(name: string, content: Buffer | string, ...places: string[]): WantedFile {
  return { name, size: Buffer.byteLength(content), sha256: sha256Of(content), places };
}

export function packageItem(wanted: WantedFile): MirrorItem {
  return {
    path: `pool/main/x/${wanted.name}`,
    kind: "package",
    for: ["root x"],
    origin: { type: "file", wanted },
  };
}

/** Puts a file into the downloads of a cache. */
export function inCache(cacheDir: string, content: Buffer | string, sha256 = sha256Of(content)): string {
  const path = downloadPath(cacheDir, sha256);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

export function context(cacheDir: string, changes: Partial<FetchContext> = {}): FetchContext {
  return {
    cacheDir,
    emit: () => undefined,
    offline: false,
    signal: new AbortController().signal,
    environment: { PATH: process.env.PATH },
    timing: { retries: 1, backOffMs: 5, stallMs: 2000, connectMs: 2000 },
    ...changes,
  };
}

export function request(
  folder: string,
  items: readonly MirrorItem[],
  changes: Partial<MirrorRequest> = {},
): MirrorRequest {
  return { folder, items, lock: lockOne, whole: true, mode: "add", copy: false, ...changes };
}
