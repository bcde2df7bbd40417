import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { EntryFile, EntryFolder } from "./entry.ts";
import { sha256OfFileSync } from "./hash-file.ts";
import type { ScannedOutput } from "./scan-output.ts";
import { isExecutable } from "./walk-tree.ts";

export type Inspection =
  | { readonly state: "same" }
  /** The content is what it was, but lies in other inodes or has other times, as after a restore. */
  | { readonly state: "moved"; readonly output: ScannedOutput }
  | { readonly state: "altered"; readonly what: readonly string[] };

/** Compares an output with what was recorded of it. Reads a file only where its size, times or inode differ. */
export function inspectOutput(out: string, recorded: ScannedOutput): Inspection {
  const what: string[] = [];
  const files = recorded.files.map((file) => {
    const stats = lstatSync(join(out, file.path), { throwIfNoEntry: false });
    if (stats && isAsRecorded(stats, file)) return file;
    const difference = stats ? differenceOf(join(out, file.path), stats, file) : "is missing";
    if (difference !== undefined) what.push(`${file.path} ${difference}`);
    return stats ? { ...file, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, inode: stats.ino } : file;
  });
  const known = new Set([...recorded.files, ...recorded.folders].map((item) => item.path));
  const folders = recorded.folders.map((folder) => {
    const stats = lstatSync(join(out, folder.path), { throwIfNoEntry: false });
    if (!stats?.isDirectory()) {
      what.push(`${folder.path === "" ? "out" : folder.path}/ is missing`);
      return folder;
    }
    if (stats.mtimeMs === folder.mtimeMs) return folder;
    what.push(...strangersIn(out, folder, known));
    return { ...folder, mtimeMs: stats.mtimeMs };
  });
  if (what.length > 0) return { state: "altered", what };
  const moved =
    files.some((file, index) => file !== recorded.files[index]) ||
    folders.some((folder, index) => folder !== recorded.folders[index]);
  return moved ? { state: "moved", output: { files, folders } } : { state: "same" };
}

function isAsRecorded(stats: Stats, file: EntryFile): boolean {
  return (
    stats.size === file.size &&
    stats.mtimeMs === file.mtimeMs &&
    stats.ctimeMs === file.ctimeMs &&
    stats.ino === file.inode &&
    typeOf(stats) === file.type
  );
}

function typeOf(stats: Stats): EntryFile["type"] | undefined {
  if (stats.isFile()) return "file";
  return stats.isSymbolicLink() ? "link" : undefined;
}

function differenceOf(path: string, stats: Stats, file: EntryFile): string | undefined {
  if (typeOf(stats) !== file.type) return `is no ${file.type} any more`;
  if (file.type === "link") return readlinkSync(path) === file.target ? undefined : "leads elsewhere";
  if (stats.size !== file.size) return `has ${String(stats.size)} bytes, not ${String(file.size)}`;
  if (isExecutable(stats) !== file.executable) return "has another executable bit";
  return sha256OfFileSync(path) === file.sha256 ? undefined : "has other content";
}

function strangersIn(out: string, { path }: EntryFolder, known: ReadonlySet<string>): string[] {
  const names = readdirSync(join(out, path)).map((name) => (path === "" ? name : `${path}/${name}`));
  return names.filter((name) => !known.has(name)).map((name) => `${name} was added`);
}
