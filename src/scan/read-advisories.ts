import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { failed, ok, type Result } from "../failure/result.ts";
import { positionAt, syntaxErrorAt } from "../lock/json-position.ts";
import { type ReadRecord, recognise } from "./recognise.ts";

/** V8 holds no longer text. */
const largestDocument = 500 * 1024 * 1024;

const lineFile = /\.(?:jsonl|ndjson)$/;

export interface Snapshot {
  /** Records that could be read, counting those that were withdrawn or about other packages. */
  readonly records: number;
  /** What could not be read, and why: the scan is incomplete by these. */
  readonly unreadable: readonly { readonly record: string; readonly reason: string }[];
}

/**
 * Reads a snapshot of a vulnerability database, a file or a folder of .json, .jsonl and .ndjson files, and gives each
 * advisory to `take`; nothing is kept. Fails where the snapshot as a whole cannot be read or holds no record.
 */
export async function readAdvisories(
  path: string,
  wanted: (source: string) => boolean,
  take: (record: Extract<ReadRecord, { kind: "advisory" }>["advisory"]) => void,
  signal?: AbortSignal,
): Promise<Result<Snapshot>> {
  const place = await stat(path).catch(() => undefined);
  if (place === undefined)
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `there is no ${path}`,
      hint: "give --db the file or folder of a vulnerability database; docs/scan.md says where to get one",
    });
  const unreadable: { record: string; reason: string }[] = [];
  let records = 0;
  const collect = (found: ReadRecord): void => {
    if (found.kind === "unreadable") unreadable.push({ record: found.record, reason: found.reason });
    else records += 1;
    if (found.kind === "advisory") take(found.advisory);
  };
  if (place.isDirectory()) {
    for await (const file of documents(path)) {
      signal?.throwIfAborted();
      const name = relative(path, file);
      const read = await readDocument(file, name, wanted, collect).catch((error: unknown) =>
        broken(file, String(error)),
      );
      if (!read.ok) unreadable.push({ record: name, reason: read.failures[0]?.message ?? "" });
    }
  } else {
    const read = await readDocument(path, path, wanted, collect);
    if (!read.ok) return read;
  }
  if (records === 0)
    return failed({
      code: "NVLAB_ADVISORIES",
      message: `${path} holds no record that can be read`,
      details: unreadable.slice(0, 5).map(({ record, reason }) => `${record}: ${reason}`),
      hint: "OSV records, CVE records (version 5) and the JSON of Debian's security tracker are read; docs/scan.md",
    });
  return ok({ records, unreadable });
}

/** Every file of records below a folder, in the order of names; links are not followed. */
async function* documents(folder: string): AsyncGenerator<string> {
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    const found = await lstat(path);
    if (found.isDirectory()) yield* documents(path);
    else if (found.isFile() && /\.(?:json|jsonl|ndjson)$/.test(name)) yield path;
  }
}

async function readDocument(
  file: string,
  name: string,
  wanted: (source: string) => boolean,
  collect: (record: ReadRecord) => void,
): Promise<Result<undefined>> {
  if (lineFile.test(file)) return readLines(file, name, wanted, collect);
  const { size } = await stat(file);
  if (size > largestDocument)
    return failed({
      code: "NVLAB_ADVISORIES",
      message: `${name} has ${size} bytes, and a JSON document of more than ${largestDocument} is not read`,
      hint: "split it into one record a file or, named .jsonl, one record a line",
    });
  const bytes = await readFile(file);
  if (
    bytes.subarray(0, 4).equals(Buffer.from("PK\x03\x04")) ||
    bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))
  )
    return failed({
      code: "NVLAB_ADVISORIES",
      message: `${name} is a packed archive`,
      hint: "unpack it into a folder and give that",
    });
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (isJson(text.slice(0, text.indexOf("\n")))) return readLines(file, name, wanted, collect);
    return broken(file, "is not JSON here", text);
  }
  for (const record of recognise(value, name, wanted)) collect(record);
  return ok(undefined);
}

/** One record a line; a line that is none is unreadable, and the others are read. */
async function readLines(
  file: string,
  name: string,
  wanted: (source: string) => boolean,
  collect: (record: ReadRecord) => void,
): Promise<Result<undefined>> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === "") continue;
    const record = `${name}:${line}`;
    if (isJson(text)) for (const found of recognise(JSON.parse(text), record, wanted)) collect(found);
    else collect({ kind: "unreadable", record, reason: "is not JSON" });
  }
  return ok(undefined);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function broken(file: string, reason: string, text?: string): Result<never> {
  const at = text === undefined ? undefined : { file, ...positionAt(text, syntaxErrorAt(text) ?? 0) };
  return failed({
    code: "NVLAB_ADVISORIES",
    message: `the database ${reason}`,
    ...(at === undefined ? {} : { at }),
    hint: "fetch it again: it may have been cut off",
  });
}
