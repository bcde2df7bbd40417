import { readFileSync, statSync } from "node:fs";
import { errorCode } from "../fetch/disk-failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Tree } from "./dt-schema.ts";

/** A tree with what is in its file. */
export interface ReadTree extends Tree {
  readonly bytes: Buffer;
}

/** Reads a flattened tree. Fails with NVLAB_FILE_MISSING where there is none, or it cannot be read. */
export function readTree(tree: Tree, hint: string): Result<ReadTree> {
  const { path } = tree;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return missing(`${path} is not there`, hint);
    if (!stats.isFile()) return missing(`${path} is no file`, "--tree wants a flattened device tree");
    return ok({ ...tree, bytes: readFileSync(path) });
  } catch (error) {
    const code = errorCode(error);
    if (code === "") throw error;
    return missing(`${path} cannot be read (${code})`, "correct the path, or its permissions");
  }
}

function missing(message: string, hint: string): Result<never> {
  return failed({ code: "NVLAB_FILE_MISSING", message, hint });
}
