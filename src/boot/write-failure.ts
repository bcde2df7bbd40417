import { errorCode } from "../fetch/disk-failure.ts";
import { failed, type Failed } from "../failure/result.ts";

/**
 * The failure behind a system error while a log or results were written: NVLAB_DISK_FULL or NVLAB_OUT. Throws again
 * what is no system error.
 * @param what the end of "… could not be written"
 */
export function writeFailure(error: unknown, what: string): Failed {
  const code = errorCode(error);
  if (!(error instanceof Error) || code === "") throw error;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return failed({
    code: full ? "NVLAB_DISK_FULL" : "NVLAB_OUT",
    message: `${what} could not be written: ${error.message}.`,
    hint: full
      ? "Free some space (nvlab gc removes what the store does not need) and boot again."
      : "Make that folder writable, or build into another one and name it here: --out DIR.",
  });
}
