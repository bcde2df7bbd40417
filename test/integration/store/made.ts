import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Result } from "../../../src/failure/result.ts";
import type { CommitMeta } from "../../../src/store/store.ts";

export function fill(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export const fingerprint = (number: number): string => number.toString(16).padStart(64, "0");

export function meta(changes: Partial<CommitMeta> = {}): CommitMeta {
  const report = { wallMs: 1, cpuMs: 2, peakBytes: 3, lines: 4 };
  return {
    node: "opensbi",
    component: "opensbi",
    tree: false,
    signature: { script: "make" },
    report,
    ...changes,
  };
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}
