import { createHash } from "node:crypto";
import { posix } from "node:path";
import { byBytes } from "./by-bytes.ts";
import type { Entry, EntryFile } from "./entry.ts";
import { sha256OfText } from "./hash-file.ts";

/** What the digest of a tree is made of. */
export interface DigestRow {
  readonly path: string;
  readonly type: "file" | "link" | "folder";
  readonly executable?: boolean;
  /** Of a file's content or a link's target. */
  readonly sha256?: string;
}

/** Digest of a tree: over its rows sorted by the bytes of their paths, whatever order they come in. */
export function treeDigest(rows: readonly DigestRow[]): string {
  const hash = createHash("sha256");
  for (const row of rows.toSorted((left, right) => byBytes(left.path, right.path))) hash.update(lineOf(row));
  return hash.digest("hex");
}

/** A name may hold anything but NUL, so NUL ends each line. */
function lineOf({ type, executable, sha256, path }: DigestRow): string {
  return `${type} ${executable === true ? "x" : "-"} ${sha256 ?? "-"} ${path}\0`;
}

function rowsOf(entry: Entry): DigestRow[] {
  const folders = (entry.folders ?? []).filter((folder) => folder.path !== "");
  return [...(entry.files ?? []), ...folders.map(({ path }): DigestRow => ({ path, type: "folder" }))];
}

/** Digest of a whole output. */
export function outputDigest(files: readonly EntryFile[], folders: readonly { path: string }[]): string {
  const inner = folders.filter((folder) => folder.path !== "");
  return treeDigest([...files, ...inner.map(({ path }): DigestRow => ({ path, type: "folder" }))]);
}

/**
 * Digest of an entry's output, or of one file or folder in it: names above `path` do not count, so that moving a
 * file does not rebuild those who take it alone. Links within the output are followed, as a mount does.
 * @returns undefined where the output has no such path
 */
export function digestOf(entry: Entry, path?: string): string | undefined {
  const wanted = path === undefined ? "" : posix.normalize(path).replace(/^\.?\/+|\/+$|^\.$/g, "");
  if (wanted === "") return entry.output;
  // Nothing is known of a source tree's single files: all of it stands for each of them.
  if (!entry.files) return sha256OfText(`${entry.output} ${wanted}`);
  const rows = rowsOf(entry);
  const found = resolveIn(entry, rows, wanted);
  if (found === undefined) return undefined;
  const row = rows.find((candidate) => candidate.path === found);
  if (row && row.type !== "folder") return treeDigest([{ ...row, path: "" }]);
  const prefix = `${found}/`;
  return treeDigest(
    rows
      .filter((candidate) => candidate.path.startsWith(prefix))
      .map((candidate) => ({ ...candidate, path: candidate.path.slice(prefix.length) })),
  );
}

/** Path after following every link on the way; a link that leaves the output, or a circle, ends at the link. */
function resolveIn(entry: Entry, rows: readonly DigestRow[], path: string): string | undefined {
  const known = new Set(rows.map((row) => row.path));
  const links = new Map(entry.files?.map((file) => [file.path, file.target]));
  const maxLinks = 40;
  let rest = path.split("/");
  let at = "";
  for (let followed = 0; rest.length > 0;) {
    const [name = "", ...others] = rest;
    const next = posix.join(at, name);
    if (!known.has(next)) return undefined;
    const target = links.get(next);
    if (target === undefined) {
      at = next;
      rest = others;
      continue;
    }
    const leads = posix.join("/", at, target);
    const leaves = posix.isAbsolute(target) || posix.join(at, target).startsWith("..");
    followed += 1;
    if (leaves || followed > maxLinks) return others.length === 0 ? next : undefined;
    rest = [...leads.split("/").filter((part) => part !== ""), ...others];
    at = "";
  }
  return at;
}
