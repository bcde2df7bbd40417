import { diskFailure, errorCode } from "../fetch/disk-failure.ts";
import { failed, type Failed, type Result } from "../failure/result.ts";

/**
 * The failure behind a system error of the cache's disk: NVLAB_DISK_FULL where space or quota is used up,
 * NVLAB_STORE for the rest. Throws again what is no system error.
 */
export function storeFailure(error: unknown, folder: string): Failed {
  const known = diskFailure(error, folder);
  if (known) return failed(known);
  const code = errorCode(error);
  if (!(error instanceof Error) || !("syscall" in error) || code === "") throw error;
  return failed({
    code: "NVLAB_STORE",
    message: `cannot work below ${folder}: ${error.message}`,
    hint: "run `nvlab doctor`, or choose another folder with --cache-dir",
  });
}

/** Runs file work whose system errors are expected failures. */
export async function onDisk<T>(folder: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    return storeFailure(error, folder);
  }
}
