import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../fetch/disk-failure.ts";
import type { Entry } from "./entry.ts";
import { formatEntry, parseEntry } from "./entry-json.ts";
import { inspectOutput } from "./inspect-output.ts";
import { ownedName } from "./process-identity.ts";

export type Lookup =
  | { readonly state: "hit"; readonly entry: Entry }
  | { readonly state: "miss" }
  /** Something changed the entry behind the store's back. It was set aside, so that it can be built anew. */
  | { readonly state: "altered"; readonly what: readonly string[]; readonly movedTo: string };

export function entryFolder(cacheDir: string, fingerprint: string): string {
  if (!/^[0-9a-zA-Z]{8,}$/.test(fingerprint)) throw new Error(`not a fingerprint: ${fingerprint}`);
  return join(cacheDir, "store", fingerprint);
}

/** Looks for an entry and checks it against what was recorded. Throws system errors other than "not there". */
export function lookupEntry(cacheDir: string, fingerprint: string, now: number): Lookup {
  const folder = entryFolder(cacheDir, fingerprint);
  const text = readIfThere(join(folder, "entry.json"));
  if (text === undefined) {
    return existsSync(folder) ? setAside(cacheDir, folder, ["entry.json is missing"]) : { state: "miss" };
  }
  const entry = parseEntry(text);
  if (entry?.fingerprint !== fingerprint) {
    return setAside(cacheDir, folder, ["entry.json is damaged or from another version of nvlab"]);
  }
  const out = join(folder, "out");
  const { files, folders } = entry;
  if (!files || !folders) {
    if (!existsSync(out)) return setAside(cacheDir, folder, ["out/ is missing"]);
    return hit(folder, entry, now);
  }
  const inspected = inspectOutput(out, { files, folders });
  if (inspected.state === "altered") return setAside(cacheDir, folder, inspected.what);
  if (inspected.state === "same") return hit(folder, entry, now);
  const renewed: Entry = { ...entry, ...inspected.output };
  const temporary = join(cacheDir, "tmp", `${ownedName()}.entry`);
  onWritableCache(() => {
    mkdirSync(join(cacheDir, "tmp"), { recursive: true });
    writeFileSync(temporary, formatEntry(renewed));
    renameSync(temporary, join(folder, "entry.json"));
  });
  return hit(folder, renewed, now);
}

/** The time of entry.json is the time of the last use. */
function hit(folder: string, entry: Entry, now: number): Lookup {
  onWritableCache(() => utimesSync(join(folder, "entry.json"), now / 1000, now / 1000));
  return { state: "hit", entry };
}

const readOnly: ReadonlySet<string> = new Set(["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT"]);

/** A cache that cannot be written can still be read from. */
function onWritableCache(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!readOnly.has(errorCode(error)) && errorCode(error) !== "ENOENT") throw error;
  }
}

/** Moves an entry to <cache>/tmp, where it stays for a day. */
export function setAside(cacheDir: string, folder: string, what: readonly string[]): Lookup {
  const movedTo = join(cacheDir, "tmp", `altered-${ownedName()}`);
  try {
    mkdirSync(join(cacheDir, "tmp"), { recursive: true });
    renameSync(folder, movedTo);
    return { state: "altered", what, movedTo };
  } catch (error) {
    // Another process found the same and was faster, or the garbage collector came by.
    if (errorCode(error) === "ENOENT" && !existsSync(folder)) return { state: "miss" };
    // Nor can anything be built then: making the staging folder fails and says why.
    if (readOnly.has(errorCode(error))) return { state: "miss" };
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
