import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

export interface FileDigests {
  /** Bytes read. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly sha512: string;
}

const chunkBytes = 1024 * 1024;

/**
 * Both digests of a regular file in one pass, with memory for one chunk whatever its size. A link is not
 * followed and a pipe or device is not waited for: the system's error is thrown, as for a file that is not there.
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<FileDigests> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile())
      throw Object.assign(new Error(`${path} is not a file`), { code: "EINVAL" });
    const sha256 = createHash("sha256");
    const sha512 = createHash("sha512");
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let size = 0;
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      sha256.update(chunk);
      sha512.update(chunk);
      size += bytesRead;
    }
    return { size, sha256: sha256.digest("hex"), sha512: sha512.digest("hex") };
  } finally {
    await file.close();
  }
}
