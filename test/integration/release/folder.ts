import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import type { ReleaseArtifact } from "../../../src/release/facts.ts";
import type { ReleaseRequest } from "../../../src/release/release-request.ts";
import { sampleContents, sampleFacts } from "../../unit/release/sample.ts";

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-release-"));
  made.push(folder);
  return folder;
}

export function put(folder: string, path: string, content: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A request to write the sample release, or one with other contents, from a store below `folder`. */
export function requestIn(
  folder: string,
  contents: Readonly<Record<string, string>> = sampleContents,
): ReleaseRequest & { artifacts: ReleaseArtifact[] } {
  return {
    facts: sampleFacts,
    out: join(folder, "out/qemu-virt"),
    cacheDir: join(folder, "cache"),
    artifacts: Object.entries(contents).map(([path, content]) => {
      const sha256 = createHash("sha256").update(content).digest("hex");
      return {
        path,
        kind: path.startsWith("config/") ? "config" : path.startsWith("debug/") ? "debug" : "firmware",
        component: path === "fw_dynamic.bin" ? "opensbi" : "linux",
        host: put(folder, `cache/store/${sha256}/out/${path}`, content),
        sha256,
      };
    }),
  };
}
