import type { Lock } from "../lock/lock.ts";
import type { Signature } from "./fingerprint.ts";
import type { PlanNode, RequestedOption } from "./node.ts";

/** What is remembered of a node's last build, so that a rebuild can be explained in a person's words. */
export interface NodeMemory {
  readonly fingerprint: string;
  readonly signature: Signature;
  /** Lines its step printed: what a later run's percentage is measured against. */
  readonly lines?: number;
  readonly script?: string;
  readonly requested?: readonly RequestedOption[];
}

/** What is remembered of a target's last build. Packages are "name version". */
export interface BuildMemory {
  readonly nodes: Readonly<Record<string, NodeMemory>>;
  readonly roots: Readonly<Record<string, readonly string[]>>;
}

export function rememberNode(
  node: PlanNode,
  { fingerprint, signature, lines }: Pick<NodeMemory, "fingerprint" | "signature" | "lines">,
): NodeMemory {
  return {
    fingerprint,
    signature,
    ...(lines !== undefined && { lines }),
    ...("script" in node && { script: node.script }),
    ...("kconfig" in node && { requested: node.kconfig.requested }),
  };
}

export function rememberRoots(lock: Lock, names: Iterable<string>): BuildMemory["roots"] {
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      (lock.roots[name]?.packages ?? []).map((one) => `${one.name} ${one.version}`),
    ]),
  );
}
