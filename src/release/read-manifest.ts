import type { z } from "zod";
import type { Fault } from "./fault.ts";
import { isSafePath, manifestName } from "./known-files.ts";
import type { ManifestArtifact, ManifestDocument } from "./manifest.ts";
import { knownManifestVersions, Manifest, ManifestArtifactEntry, ManifestDocumentEntry } from "./manifest.ts";
import { renderManifest } from "./render.ts";

export interface ManifestReading {
  /** Absent where something in it is wrong. */
  readonly manifest?: Manifest;
  /** The artifact entries that are right by themselves, also of a manifest that is not. */
  readonly artifacts: readonly ManifestArtifact[];
  /** Likewise the entries of documents; none in an out folder. */
  readonly documents: readonly ManifestDocument[];
  /** Every path that an entry names, right or wrong: none of these is a file too many. */
  readonly named: ReadonlySet<string>;
  readonly faults: readonly Fault[];
  /** False where nothing can be said of the files: no JSON, or another schema. */
  readonly readable: boolean;
}

/** Reads a manifest that anyone may have written. Everything wrong with it is a fault, nothing throws. */
export function readManifest(text: string): ManifestReading {
  const parsed = parseJson(text);
  if (!parsed.ok) return unread({ kind: "manifest-not-json", path: manifestName, reason: parsed.reason });
  const value = parsed.value;
  const version = member(value, "schemaVersion");
  if (!knownManifestVersions.some((known) => known === version)) {
    return unread({
      kind: "unknown-schema",
      path: manifestName,
      found: version === undefined ? "none" : JSON.stringify(version),
      known: knownManifestVersions.join(", "),
    });
  }
  const checked = Manifest.safeParse(value);
  const entries = readEntries(value);
  if (!checked.success) {
    const issues = checked.error.issues.filter((issue) => !entries.explains(issue.path));
    return { ...entries, readable: true, faults: [...entries.faults, ...issues.map(invalid)] };
  }
  const canonical = renderManifest(checked.data) === text;
  return {
    ...entries,
    readable: true,
    manifest: checked.data,
    faults: [
      ...entries.faults,
      ...(canonical ? [] : [{ kind: "manifest-not-canonical" as const, path: manifestName }]),
    ],
  };
}

interface Entries {
  artifacts: ManifestArtifact[];
  documents: ManifestDocument[];
  named: Set<string>;
  faults: Fault[];
  /** True for an issue that one of the faults already tells. */
  explains: (path: readonly PropertyKey[]) => boolean;
}

/** The lists whose entries name files. A path may be in one of them, once. */
const lists = ["artifacts", "documents"] as const;

function readEntries(manifest: unknown): Entries {
  const artifacts: ManifestArtifact[] = [];
  const documents: ManifestDocument[] = [];
  const named = new Set<string>();
  const faults: Fault[] = [];
  const unsafe = new Set<string>();
  for (const list of lists) {
    const entries = member(manifest, list);
    for (const [index, entry] of (Array.isArray(entries) ? entries : []).entries()) {
      const path = member(entry, "path");
      if (typeof path === "string") {
        if (!isSafePath(path)) {
          faults.push({ kind: "unsafe-path", path, listed: manifestName });
          unsafe.add(`${list}.${String(index)}.path`);
        } else if (named.has(path)) {
          faults.push({ kind: "duplicate", path, listed: manifestName });
        }
        named.add(path);
      }
      if (list === "artifacts") {
        const checked = ManifestArtifactEntry.safeParse(entry);
        if (checked.success) artifacts.push(checked.data);
      } else {
        const checked = ManifestDocumentEntry.safeParse(entry);
        if (checked.success) documents.push(checked.data);
      }
    }
  }
  const explains = (path: readonly PropertyKey[]): boolean => unsafe.has(path.map(String).join("."));
  return { artifacts, documents, named, faults, explains };
}

function invalid(issue: z.core.$ZodIssue): Fault {
  return {
    kind: "manifest-invalid",
    path: manifestName,
    member: issue.path.map(String).join(".") || "(whole)",
    reason: issue.message,
  };
}

function unread(fault: Fault): ManifestReading {
  return { artifacts: [], documents: [], named: new Set(), faults: [fault], readable: false };
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ok: true, value };
    return { ok: false, reason: "not a JSON object" };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** An own member, so that no name reaches the prototype. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
