import type { Failure } from "../failure/failure.ts";

const full = new Set(["ENOSPC", "EDQUOT"]);
const denied = new Set(["EACCES", "EPERM", "EROFS", "EIO", "ENOTDIR"]);
const diskCalls = new Set([
  "open",
  "write",
  "mkdir",
  "rename",
  "ftruncate",
  "fsync",
  "unlink",
  "symlink",
  "copyfile",
]);

function textOf(error: unknown, key: string): string {
  if (typeof error !== "object" || error === null || !(key in error)) return "";
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" ? value : "";
}

/** The code of a system error, as in ENOENT; empty for anything else. */
export function errorCode(error: unknown): string {
  return textOf(error, "code");
}

/** The failure behind an error of this host's disk; undefined where it was something else, as the network. */
export function diskFailure(error: unknown, folder: string): Failure | undefined {
  const code = errorCode(error);
  if (full.has(code)) {
    return {
      code: "NVLAB_DISK_FULL",
      message: `no space is left on the disk that holds ${folder}`,
      hint: "free some space, run `nvlab gc`, or choose another disk with --cache-dir",
    };
  }
  if (!denied.has(code) || !diskCalls.has(textOf(error, "syscall"))) return undefined;
  const path = textOf(error, "path");
  return {
    code: "NVLAB_STORE",
    message: `cannot write ${path === "" ? `below ${folder}` : path} (${code})`,
    hint: "mend the permissions, or choose another folder with --cache-dir",
  };
}
