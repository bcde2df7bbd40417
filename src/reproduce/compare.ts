import { canonicalJson, type Json } from "../plan/canonical-json.ts";
import type { Manifest } from "../release/manifest.ts";
import type { Made, MadeFile, MadeNode } from "./made.ts";

/** A file that two builds made otherwise, or that only one of them made. */
export interface Difference {
  readonly path: string;
  readonly component: string;
  readonly one?: MadeFile;
  readonly other?: MadeFile;
  /**
   * Nodes that made different outputs of the same inputs, on which this file depends: where the difference began. Empty
   * where it cannot be told.
   */
  readonly origins: readonly string[];
}

/** What needs what: ids of nodes. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/** Every file that differs, and the manifest where it says something else beside their digests. */
export function compareMade(one: Made, other: Made, needs: Needs): Difference[] {
  const diverged = divergedNodes(one.nodes, other.nodes);
  const paths = [...new Set([...one.files.keys(), ...other.files.keys()])].sort();
  const files = paths.flatMap((path): Difference[] => {
    const [a, b] = [one.files.get(path), other.files.get(path)];
    if (a?.sha256 === b?.sha256) return [];
    const component = a?.component ?? b?.component ?? "";
    return [
      {
        path,
        component,
        ...(a && { one: a }),
        ...(b && { other: b }),
        origins: originsOf(component, diverged, needs),
      },
    ];
  });
  return [...files, ...manifestDifference(one.manifest, other.manifest)];
}

/** Nodes of equal fingerprints, so of equal inputs, with unequal outputs. */
function divergedNodes(one: readonly MadeNode[], other: readonly MadeNode[]): ReadonlySet<string> {
  const outputs = new Map(one.map(({ fingerprint, output }) => [fingerprint, output]));
  return new Set(
    other.flatMap(({ fingerprint, output, node }) => {
      const before = outputs.get(fingerprint);
      return before === undefined || before === output ? [] : [node];
    }),
  );
}

function originsOf(component: string, diverged: ReadonlySet<string>, needs: Needs): string[] {
  const seen = new Set<string>();
  const visit = (node: string): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const need of needs.get(node) ?? []) visit(need);
  };
  visit(component);
  return [...seen].filter((node) => diverged.has(node)).sort();
}

/**
 * Manifests are compared without what follows from the artifacts, and without what only a release has: its documents,
 * and the version of the schema that allows for them.
 */
function manifestDifference(one: Manifest | undefined, other: Manifest | undefined): Difference[] {
  if (!one || !other || essence(one) === essence(other)) return [];
  return [{ path: "manifest.json", component: "", origins: membersThatDiffer(one, other) }];
}

function essence(manifest: Manifest): string {
  return canonicalJson(essentials(manifest) as unknown as Json);
}

function essentials(manifest: Manifest): Readonly<Record<string, unknown>> {
  const components = manifest.components.map(({ config, ...rest }) => ({
    ...rest,
    hasConfig: config !== undefined,
  }));
  return Object.fromEntries(
    Object.entries({ ...manifest, components }).filter(
      ([name, value]) => !["schemaVersion", "documents", "artifacts"].includes(name) && value !== undefined,
    ),
  );
}

function membersThatDiffer(one: Manifest, other: Manifest): string[] {
  const [a, b] = [essentials(one), essentials(other)];
  const text = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => text(a[name]) !== text(b[name]))
    .map((name) => `manifest: ${name}`);
}
