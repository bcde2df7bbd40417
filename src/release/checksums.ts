import { sha256OfIntegrity } from "./integrity.ts";
import { manifestName } from "./known-files.ts";
import type { Manifest } from "./manifest.ts";

/** A line of SHA256SUMS: a hexadecimal digest and the name it is for, relative to the folder. */
export interface Checksum {
  readonly path: string;
  readonly sha256: string;
}

/** Text that `sha256sum -c` of coreutils and BusyBox accepts, sorted by name. */
export function renderChecksums(checksums: readonly Checksum[]): string {
  return [...checksums]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join("");
}

/** The text of SHA256SUMS: artifacts, documents, and the manifest itself by the digest of its text (hexadecimal). */
export function releaseChecksums(
  manifest: Pick<Manifest, "artifacts" | "documents">,
  manifestSha256: string,
): string {
  const named = [...manifest.artifacts, ...(manifest.documents ?? [])];
  return renderChecksums([
    ...named.map(({ path, integrity }) => ({ path, sha256: sha256OfIntegrity(integrity) ?? "" })),
    { path: manifestName, sha256: manifestSha256 },
  ]);
}

export interface ParsedChecksums {
  readonly checksums: readonly Checksum[];
  /** Numbers, counted from 1, of lines that are no checksum. */
  readonly malformed: readonly number[];
}

/** Reads SHA256SUMS, text or binary mode (`*`). Escaped names (a leading backslash) are not written here, so no line. */
export function parseChecksums(text: string): ParsedChecksums {
  const checksums: Checksum[] = [];
  const malformed: number[] = [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  lines.forEach((line, index) => {
    const found = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (found === null) malformed.push(index + 1);
    else checksums.push({ sha256: found[1] ?? "", path: found[2] ?? "" });
  });
  return { checksums, malformed };
}
