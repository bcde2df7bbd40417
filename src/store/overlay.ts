import { lstatSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { replaceFile } from "./replace-file.ts";
import { onDisk } from "./store-failure.ts";
import { unsafePath } from "./tree-path.ts";

export interface OverlayFile {
  /** Place in the tree. */
  readonly to: string;
  /** Host path of the project's file. */
  readonly from: string;
  readonly executable: boolean;
}

/**
 * Lays files over a tree, with their own times. Every place is checked before anything is written: one that would
 * leave the tree, by its name or by a link in the tree, fails with NVLAB_PATCH.
 */
export function overlayFiles(tree: string, files: readonly OverlayFile[]): Promise<Result<undefined>> {
  return onDisk(tree, () => {
    const refused = files.flatMap((file) => refusal(tree, file));
    if (refused.length > 0) return Promise.resolve(failed(...refused));
    for (const { to, from, executable } of files) {
      const place = `${tree}/${to}`;
      mkdirSync(dirname(place), { recursive: true });
      replaceFile(from, place, executable ? 0o755 : 0o644);
    }
    return Promise.resolve(ok(undefined));
  });
}

function refusal(tree: string, { to, from }: OverlayFile): Failure[] {
  const why = unsafePath(tree, to) ?? folderInTheWay(tree, to);
  if (why === undefined) return [];
  const message = `the overlay file ${from} cannot be laid over the source tree: ${to} ${why}`;
  return [{ code: "NVLAB_PATCH", message, hint: "name the place where the file really lies in the tree" }];
}

function folderInTheWay(tree: string, to: string): string | undefined {
  const found = lstatSync(`${tree}/${to}`, { throwIfNoEntry: false });
  return found?.isDirectory() === true ? "is a folder there" : undefined;
}
