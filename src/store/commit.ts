import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { errorCode } from "../fetch/disk-failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { takeCensus } from "./census.ts";
import type { Entry, StepReport } from "./entry.ts";
import { formatEntry } from "./entry-json.ts";
import { entryFolder, lookupEntry } from "./lookup.ts";
import { outputDigest } from "./output-digest.ts";
import { removeTree } from "./remove-tree.ts";
import { scanOutput } from "./scan-output.ts";
import type { Staging } from "./staging.ts";

export interface CommitMeta {
  readonly node: string;
  readonly component: string;
  /** A source tree: counted, not hashed, and its digest is its fingerprint. */
  readonly tree: boolean;
  readonly signature: Readonly<Record<string, string>>;
  readonly report: StepReport;
}

/** Each try finds either an entry, which is used, or a broken one, which is set aside. */
const mostTries = 5;

/**
 * Turns a staging folder into an entry: recorded, then moved by one rename. Where another process was faster, its
 * entry is taken and the staging folder removed. Throws system errors.
 */
export async function commitStaging(
  cacheDir: string,
  staging: Staging,
  meta: CommitMeta,
  clock: () => number,
): Promise<Result<Entry>> {
  const recorded = await record(staging, meta);
  if (!recorded.ok) return recorded;
  if (!existsSync(staging.log)) writeFileSync(staging.log, "");
  writeDurably(join(staging.folder, "entry.json"), formatEntry(recorded.value));
  mkdirSync(join(cacheDir, "store"), { recursive: true });
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (appear(staging.folder, entryFolder(cacheDir, staging.fingerprint))) return recorded;
    const theirs = lookupEntry(cacheDir, staging.fingerprint, clock());
    if (theirs.state !== "hit") continue;
    await removeTree(staging.folder);
    return ok(theirs.entry);
  }
  return failed({
    code: "NVLAB_STORE",
    message: `${entryFolder(cacheDir, staging.fingerprint)} is in the way and can neither be used nor moved`,
    hint: "remove it, or mend its permissions",
  });
}

async function record(staging: Staging, meta: CommitMeta): Promise<Result<Entry>> {
  const { fingerprint, out } = staging;
  const { node, component, signature, report } = meta;
  const entry = { entryVersion: 1, fingerprint, node, component } as const;
  if (meta.tree) {
    const census = await takeCensus(out);
    return census.ok
      ? ok({ ...entry, output: fingerprint, census: census.value, signature, report })
      : census;
  }
  const scanned = await scanOutput(out);
  if (!scanned.ok) return scanned;
  const { files, folders } = scanned.value;
  return ok({ ...entry, output: outputDigest(files, folders), files, folders, signature, report });
}

/** Without the sync a power cut could leave an entry whose description is empty. */
function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, "wx");
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function appear(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOTEMPTY" || errorCode(error) === "EEXIST") return false;
    throw error;
  }
}
