import { createHash } from "node:crypto";
import { canonicalJson } from "../plan/canonical-json.ts";
import type { PlanNode, ScriptNode } from "../plan/node.ts";

/** What a kept work folder was last built from, as far as make cannot see it from times of files. */
export interface ObjStamp {
  /** Digest over root, environment, source and patches: another one starts afresh. */
  readonly base: string;
  /** SHA-256 of overlay files by their place in the tree. */
  readonly overlay: Readonly<Record<string, string>>;
  /** When that build began, milliseconds since 1970. */
  readonly builtMs: number;
}

export function stampOf(
  node: ScriptNode,
  plan: { readonly nodes: readonly PlanNode[]; readonly roots: Readonly<Record<string, string>> },
  now: number,
): ObjStamp {
  const byId = new Map(plan.nodes.map((one) => [one.id, one]));
  const overlay: Record<string, string> = {};
  const trees = node.inputs.flatMap(({ node: id }): string[] => {
    const tree = byId.get(id);
    if (tree?.kind === "source") return [sourceKey(tree.origin)];
    if (tree?.kind !== "patched") return [];
    for (const { to, file } of tree.overlay) overlay[to] = file.sha256;
    const source = byId.get(tree.source ?? "");
    return [
      ...(source?.kind === "source" ? [sourceKey(source.origin)] : []),
      ...tree.patches.map((patch) => patch.sha256),
    ];
  });
  const base = canonicalJson([plan.roots[node.root] ?? "", { ...node.environment }, trees]);
  return { base: createHash("sha256").update(base).digest("hex"), overlay, builtMs: now };
}

type Origin = Extract<PlanNode, { kind: "source" }>["origin"];

/** A local tree is edited between builds; what make needs of that are its files' times, which are kept. */
function sourceKey(origin: Origin): string {
  if (origin.type === "local") return `local ${origin.directory}`;
  return origin.type === "git" ? origin.tree : origin.sha256;
}

/**
 * Whether make would take a stale object for a good one. It goes by times: a file that went back to its pristine
 * form, or changed without becoming newer than the last build, does not look changed.
 */
export function isStale(
  before: ObjStamp | undefined,
  now: ObjStamp,
  mtimeMs: (place: string) => number,
): boolean {
  if (before === undefined) return true;
  if (before.base !== now.base) return true;
  if (Object.keys(before.overlay).some((place) => !(place in now.overlay))) return true;
  return Object.entries(now.overlay).some(
    ([place, sha256]) => before.overlay[place] !== sha256 && mtimeMs(place) <= before.builtMs,
  );
}
