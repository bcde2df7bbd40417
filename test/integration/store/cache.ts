import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Entry } from "../../../src/store/entry.ts";
import type { CommitMeta, Store } from "../../../src/store/store.ts";
import { fill, meta, valueOf } from "./made.ts";

export { fill, fingerprint, meta, valueOf } from "./made.ts";

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts an output with these files into the store. */
export async function keep(
  store: Store,
  print: string,
  files: Readonly<Record<string, string>>,
  changes: Partial<CommitMeta> = {},
): Promise<Entry> {
  const staging = valueOf(await store.begin(print));
  fill(staging.out, files);
  return valueOf(await store.commit(staging, meta(changes)));
}
