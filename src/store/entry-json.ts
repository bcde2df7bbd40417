import type { Census, Entry, EntryFile, EntryFolder, StepReport } from "./entry.ts";

interface Fields {
  readonly [name: string]: unknown;
  readonly type?: unknown;
  readonly entryVersion?: unknown;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function has(value: Fields, type: "string" | "number" | "boolean", ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === type);
}

function isFile(value: unknown): value is EntryFile {
  return (
    isFields(value) &&
    has(value, "string", "path", "sha256") &&
    has(value, "number", "size", "mtimeMs", "ctimeMs", "inode") &&
    has(value, "boolean", "executable") &&
    (value.type === "file" || (value.type === "link" && has(value, "string", "target")))
  );
}

function isFolder(value: unknown): value is EntryFolder {
  return isFields(value) && has(value, "string", "path") && has(value, "number", "mtimeMs");
}

function isCensus(value: unknown): value is Census {
  return isFields(value) && has(value, "number", "files", "bytes") && has(value, "string", "sha256");
}

function isReport(value: unknown): value is StepReport {
  return isFields(value) && has(value, "number", "wallMs", "cpuMs", "peakBytes", "lines");
}

function isListOf(value: unknown, check: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check);
}

function isEntry(value: unknown): value is Entry {
  if (!isFields(value) || value.entryVersion !== 1) return false;
  const { files, folders, census, signature, report } = value;
  const tree = files === undefined && folders === undefined && isCensus(census);
  const listed = isListOf(files, isFile) && isListOf(folders, isFolder) && census === undefined;
  return (
    has(value, "string", "fingerprint", "node", "component", "output") &&
    (tree || listed) &&
    isFields(signature) &&
    has(signature, "string", ...Object.keys(signature)) &&
    isReport(report)
  );
}

/**
 * Reads `entry.json`. Checked by hand, as it is read at each start, where loading a schema library would take
 * longer than all the rest.
 * @returns undefined where the text is no entry of this version
 */
export function parseEntry(text: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEntry(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function formatEntry(entry: Entry): string {
  return `${JSON.stringify(entry, undefined, entry.files && entry.files.length > 200 ? 0 : 1)}\n`;
}
