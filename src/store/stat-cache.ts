import { mkdirSync, readFileSync, renameSync, writeFileSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { sha256OfText } from "./hash-file.ts";
import { ownedName } from "./process-identity.ts";

/** Content digests of files, valid as long as size, times and inode stay as they were. */
export interface StatCache {
  get(path: string, stats: Stats): string | undefined;
  set(path: string, stats: Stats, sha256: string): void;
  /** Keeps what was got or set since it was read; other paths are gone from the folder. */
  save(): void;
}

type Row = readonly [size: number, mtimeMs: number, ctimeMs: number, inode: number, sha256: string];

/**
 * A file changed twice within one tick of the file system's clock has the same times both times. What was
 * changed so shortly before it was read is not remembered, so that it is read again.
 */
const racyMs = 2_000;

/** Opens the stat cache of a folder, a file named by the hash of the folder's path. Damaged ones count as empty. */
export function openStatCache(cacheDir: string, directory: string, now: number): StatCache {
  const file = join(cacheDir, "work", "stat", `${sha256OfText(directory)}.json`);
  const old = readRows(file);
  const young = new Map<string, Row>();
  let changed = false;
  return {
    get: (path, stats) => {
      const row = old.get(path);
      if (row === undefined) return undefined;
      const [size, mtimeMs, ctimeMs, inode, sha256] = row;
      const same = size === stats.size && mtimeMs === stats.mtimeMs && ctimeMs === stats.ctimeMs;
      if (!same || inode !== stats.ino) return undefined;
      young.set(path, row);
      return sha256;
    },
    set: (path, stats, sha256) => {
      changed = true;
      if (Math.max(stats.mtimeMs, stats.ctimeMs) > now - racyMs) return;
      young.set(path, [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino, sha256]);
    },
    save: () => {
      if (!changed && young.size === old.size) return;
      mkdirSync(dirname(file), { recursive: true });
      const temporary = join(cacheDir, "tmp", `${ownedName()}.stat`);
      mkdirSync(dirname(temporary), { recursive: true });
      writeFileSync(temporary, JSON.stringify({ directory, rows: [...young] }));
      renameSync(temporary, file);
    },
  };
}

function readRows(file: string): Map<string, Row> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof value !== "object" || value === null || !("rows" in value) || !Array.isArray(value.rows))
      return new Map();
    return new Map(value.rows.filter(isNamedRow));
  } catch {
    return new Map();
  }
}

function isNamedRow(value: unknown): value is [string, Row] {
  if (!Array.isArray(value) || typeof value[0] !== "string") return false;
  const row: unknown = value[1];
  return Array.isArray(row) && row.length === 5 && typeof row[4] === "string";
}
