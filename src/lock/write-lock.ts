import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { failed, ok, type Result } from "../failure/result.ts";
import { formatLock } from "./format-lock.ts";
import type { Lock } from "./lock.ts";

/** Writes a lock; the file is the old one or the new one at any moment, never a part. */
export async function writeLock(path: string, lock: Lock): Promise<Result<undefined>> {
  const fresh = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(fresh, formatLock(lock), { flush: true });
    await rename(fresh, path);
    return ok(undefined);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const full = code === "ENOSPC" || code === "EDQUOT";
    return failed({
      code: full ? "NVLAB_DISK_FULL" : "NVLAB_LOCK",
      message: full ? `no space is left on the disk that holds ${path}` : `cannot write ${path} (${code})`,
      hint: full
        ? "free some space and run the command again"
        : "mend the permissions of the project's folder",
    });
  }
}
