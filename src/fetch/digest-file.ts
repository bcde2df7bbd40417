import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

export interface FileDigests {
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly sha512?: string;
}

/** Hashes what the file really holds, not what went into it, once it is safe on the disk. */
export async function digestFile(path: string, alsoSha512 = false): Promise<FileDigests> {
  const handle = await open(path, "r+");
  try {
    await handle.datasync();
    const sha256 = createHash("sha256");
    const sha512 = alsoSha512 ? createHash("sha512") : undefined;
    const buffer = Buffer.allocUnsafe(1 << 20);
    let size = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      sha256.update(chunk);
      sha512?.update(chunk);
      size += bytesRead;
    }
    const digests = { size, sha256: sha256.digest("hex") };
    return sha512 === undefined ? digests : { ...digests, sha512: sha512.digest("hex") };
  } finally {
    await handle.close();
  }
}
