import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { takeCensus } from "./census.ts";
import type { Entry } from "./entry.ts";
import { parseEntry } from "./entry-json.ts";
import { sha256OfFile } from "./hash-file.ts";
import { inspectOutput } from "./inspect-output.ts";
import { setAside } from "./lookup.ts";
import { onDisk } from "./store-failure.ts";
import { takingTurns } from "./turn.ts";

export interface VerifyStoreRequest {
  readonly cacheDir: string;
  /** Moves what is altered out of the store, so that the next build makes it anew. */
  readonly setAside: boolean;
  readonly signal?: AbortSignal;
  readonly onEntry?: (checked: number, entries: number) => void;
}

export interface AlteredEntry {
  readonly fingerprint: string;
  /** Node and component, where these can still be read. */
  readonly node?: string;
  readonly component?: string;
  readonly what: readonly string[];
}

export interface StoreVerdict {
  readonly entries: number;
  /** Files whose content was hashed. */
  readonly files: number;
  readonly altered: readonly AlteredEntry[];
}

/**
 * Hashes everything in the store against what was recorded, also where size and times agree. Source trees are
 * compared by names, sizes and times.
 */
export function verifyStore(request: VerifyStoreRequest): Promise<Result<StoreVerdict>> {
  const { cacheDir, signal, onEntry } = request;
  return onDisk(cacheDir, async () => {
    const store = join(cacheDir, "store");
    const fingerprints = existsSync(store) ? readdirSync(store).sort() : [];
    const altered: AlteredEntry[] = [];
    const turn = takingTurns();
    let files = 0;
    for (const [index, fingerprint] of fingerprints.entries()) {
      if (signal?.aborted === true)
        return failed({ code: "NVLAB_INTERRUPTED", message: "interrupted while the store was verified" });
      onEntry?.(index, fingerprints.length);
      const folder = join(store, fingerprint);
      const entry = readEntry(folder, fingerprint);
      const what = entry ? await faultsOf(folder, entry, turn) : ["entry.json is missing or damaged"];
      files += entry?.files?.length ?? 0;
      // Collected or set aside by another process since the listing.
      if (what.length === 0 || !existsSync(folder)) continue;
      altered.push({ fingerprint, ...(entry ? { node: entry.node, component: entry.component } : {}), what });
      if (request.setAside) setAside(cacheDir, folder, what);
    }
    return ok({ entries: fingerprints.length, files, altered });
  });
}

function readEntry(folder: string, fingerprint: string): Entry | undefined {
  try {
    const entry = parseEntry(readFileSync(join(folder, "entry.json"), "utf8"));
    return entry?.fingerprint === fingerprint ? entry : undefined;
  } catch {
    return undefined;
  }
}

async function faultsOf(
  folder: string,
  entry: Entry,
  turn: () => Promise<void> | undefined,
): Promise<string[]> {
  const out = join(folder, "out");
  if (!existsSync(out)) return ["out/ is missing"];
  const { files, folders, census } = entry;
  if (!files || !folders) {
    const now = await takeCensus(out);
    const same = now.ok && now.value.sha256 === census?.sha256;
    return same
      ? []
      : [`the tree's names, sizes or times are not those of its ${String(census?.files ?? 0)} files`];
  }
  const inspected = inspectOutput(out, { files, folders });
  if (inspected.state === "altered") return [...inspected.what];
  const faults: string[] = [];
  for (const file of files) {
    if (file.type === "link") continue;
    if ((await sha256OfFile(join(out, file.path), turn)) !== file.sha256)
      faults.push(`${file.path} has other content`);
  }
  return faults;
}
