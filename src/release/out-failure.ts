import type { Failure } from "../failure/failure.ts";

/** Something in the out folder stands where nvlab has to write. The message is a whole sentence. */
export class OutFolderError extends Error {
  override readonly name = "OutFolderError";
}

/** What an error of the file system means for a person, or undefined for one that is a bug. */
export function outFailure(error: unknown, out: string): Failure | undefined {
  if (error instanceof OutFolderError) {
    return { code: "NVLAB_OUT", message: error.message, hint: "Move it away and build again." };
  }
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  const code = String(error.code);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return {
      code: "NVLAB_DISK_FULL",
      message: `The disk is full: ${out} could not be written.`,
      hint: "Free some space (nvlab gc removes what the store does not need) and build again.",
    };
  }
  return {
    code: "NVLAB_OUT",
    message: `${out} could not be written: ${error.message}.`,
    hint: "Mend that, or choose another folder with --out, and build again.",
  };
}
