import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hexOfIntegrity } from "../release/integrity.ts";
import { readManifest } from "../release/read-manifest.ts";
import type { Manifest } from "../release/manifest.ts";
import { parseEntry } from "../store/entry-json.ts";

/** A file that a build made. */
export interface MadeFile {
  readonly path: string;
  /** Component or image that it comes from. */
  readonly component: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Where it lies; absent where only its digest is known. */
  readonly host?: string;
}

/** An output of a node, as a store recorded it. */
export interface MadeNode {
  readonly node: string;
  readonly component: string;
  readonly fingerprint: string;
  /** Digest of the output. */
  readonly output: string;
}

/** All that is compared of one build. */
export interface Made {
  readonly label: string;
  readonly files: ReadonlyMap<string, MadeFile>;
  readonly manifest?: Manifest;
  readonly nodes: readonly MadeNode[];
}

/** Artifacts as a manifest names them, and where they lie. */
export function filesOfManifest(manifest: Manifest, folder: string): Map<string, MadeFile> {
  return new Map(
    manifest.artifacts.map(({ path, component, integrity }) => {
      const host = join(folder, path);
      const sha256 = hexOfIntegrity(integrity, "sha256");
      return [path, { path, component, sha256, ...(existsSync(host) && { host }) }];
    }),
  );
}

/** The manifest of an out folder that nvlab itself has just written. */
export function ownManifest(out: string): Manifest {
  const { manifest, faults } = readManifest(readFileSync(join(out, "manifest.json"), "utf8"));
  if (!manifest) throw new Error(`nvlab wrote a manifest that it cannot read: ${JSON.stringify(faults)}`);
  return manifest;
}

/** Every output in a store, but trees of sources: they are known by what they are made from. */
export function nodesInStore(cache: string): MadeNode[] {
  const store = join(cache, "store");
  return readdirSync(store).flatMap((fingerprint) => nodeInStore(cache, fingerprint) ?? []);
}

export function nodeInStore(cache: string, fingerprint: string): MadeNode | undefined {
  const path = join(cache, "store", fingerprint, "entry.json");
  const entry = existsSync(path) ? parseEntry(readFileSync(path, "utf8")) : undefined;
  if (entry?.files === undefined) return undefined;
  const { node, component, output } = entry;
  return { node, component, fingerprint, output };
}

/** Files of the outputs of some components, for a rebuild that makes no out folder. */
export function filesInStore(cache: string, components: readonly string[]): Map<string, MadeFile> {
  const files = new Map<string, MadeFile>();
  for (const { fingerprint, node, component } of nodesInStore(cache)) {
    if (!components.includes(component) || node !== component) continue;
    const folder = join(cache, "store", fingerprint);
    const entry = parseEntry(readFileSync(join(folder, "entry.json"), "utf8"));
    for (const { path, sha256 } of entry?.files ?? []) {
      const name = path === component ? path : `${component}/${path}`;
      files.set(name, { path: name, component, sha256, host: join(folder, "out", path) });
    }
  }
  return files;
}
