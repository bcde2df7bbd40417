import { join } from "node:path";
import { ok, type Result } from "../failure/result.ts";
import { type CommitMeta, commitStaging } from "./commit.ts";
import type { Entry } from "./entry.ts";
import { entryFolder, type Lookup, lookupEntry } from "./lookup.ts";
import { digestOf } from "./output-digest.ts";
import { removeTree } from "./remove-tree.ts";
import type { Session } from "./session.ts";
import { staleTemporaries } from "./stale-temporary.ts";
import { makeStaging, type Staging } from "./staging.ts";
import { onDisk } from "./store-failure.ts";

export type { CommitMeta } from "./commit.ts";
export type { Staging } from "./staging.ts";

/** Finished outputs by fingerprint: <cache>/store/<fingerprint>/{entry.json,out/,log}. */
export interface Store {
  /** Whether the output is there and as it was left. Synchronous and quick: a few system calls a file. */
  lookup(fingerprint: string): Lookup;
  /** Digest of an output, or of one file or folder of it. */
  digestOf(entry: Entry, path?: string): string | undefined;
  /** A new staging folder. What earlier processes left behind when they died is removed on the way. */
  begin(fingerprint: string): Promise<Result<Staging>>;
  /** Keeps what is in the staging folder, which is gone afterwards. On a failure it is still there. */
  commit(staging: Staging, meta: CommitMeta): Promise<Result<Entry>>;
  discard(staging: Staging): Promise<void>;
  /** The output folder of an entry. */
  pathOf(fingerprint: string): string;
  /** The log of the step that made an entry. */
  logOf(fingerprint: string): string;
}

export interface StoreOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Tells the garbage collector of other processes what is in use here. */
  readonly session?: Session;
}

export function openStore(cacheDir: string, { clock, session }: StoreOptions): Store {
  let swept = false;
  const sweep = async (): Promise<void> => {
    if (swept) return;
    swept = true;
    for (const name of staleTemporaries(cacheDir, clock())) await removeTree(join(cacheDir, "tmp", name));
  };
  return {
    lookup: (fingerprint) => {
      session?.use(fingerprint);
      return lookupEntry(cacheDir, fingerprint, clock());
    },
    digestOf,
    begin: (fingerprint) =>
      onDisk(cacheDir, async () => {
        await sweep();
        return ok(makeStaging(cacheDir, fingerprint));
      }),
    commit: (staging, meta) =>
      onDisk(cacheDir, async () => {
        session?.use(staging.fingerprint);
        return await commitStaging(cacheDir, staging, meta, clock);
      }),
    discard: async (staging) => {
      await removeTree(staging.folder);
    },
    pathOf: (fingerprint) => join(entryFolder(cacheDir, fingerprint), "out"),
    logOf: (fingerprint) => join(entryFolder(cacheDir, fingerprint), "log"),
  };
}
