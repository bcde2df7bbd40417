import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where a downloaded file lies in the cache, by its SHA-256. */
export function downloadPath(cacheDir: string, sha256: string): string {
  return join(cacheDir, "downloads", "sha256", sha256);
}

export function partialFolder(cacheDir: string): string {
  return join(cacheDir, "downloads", "partial");
}

/** Makes the folders below <cache>/downloads. */
export async function prepareDownloads(cacheDir: string): Promise<void> {
  await mkdir(join(cacheDir, "downloads", "sha256"), { recursive: true });
  await mkdir(partialFolder(cacheDir), { recursive: true });
}

/** Bytes of a file, or undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Moves a file whose bytes are not the expected ones to <cache>/downloads/rejected/<sha>-<n>, for a person to
 * look at; nothing reads from there.
 */
export async function setAside(cacheDir: string, path: string, sha256: string): Promise<string> {
  const folder = join(cacheDir, "downloads", "rejected");
  await mkdir(folder, { recursive: true });
  for (let count = 1; ; count += 1) {
    const to = join(folder, `${sha256}-${count}`);
    if ((await sizeOf(to)) !== undefined) continue;
    await rename(path, to);
    return to;
  }
}
