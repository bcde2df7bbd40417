import { sandboxPolicyVersion } from "../exec/sandbox.ts";
import { evaluatePlan, needsOf } from "../build/evaluate.ts";
import { planRequested } from "../build/prepare.ts";
import type { Prepared } from "../build/prepared.ts";
import { providePrepared } from "../build/provide-prepared.ts";
import { provisionFor, type Provision } from "../build/provide.ts";
import type { Surroundings } from "../build/request.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { rootTree } from "../root/unpack-root.ts";
import type { Store } from "../store/store.ts";
import type { Needs } from "./compare.ts";

export interface Limits {
  /** Only these and what they need; everything with none. */
  readonly components: readonly string[];
  /** Taken from the store. */
  readonly except: readonly string[];
}

/** All that rebuilds of a target need, in the cache. */
export interface PlannedRebuild {
  readonly prepared: Prepared;
  readonly needs: Needs;
  /** Fingerprints of what is taken from the store. */
  readonly taken: readonly string[];
  /** Host paths of unpacked roots. */
  readonly roots: {
    readonly build: string;
    readonly vary: string | undefined;
    readonly boot: string | undefined;
  };
}

/** Plans a target as it is locked, and fetches what its rebuilds need: they run without a network. */
export async function planRebuild(
  target: string | undefined,
  limits: Limits,
  surroundings: Surroundings,
  store: Store,
): Promise<Result<PlannedRebuild>> {
  const planned = await planRequested({ target, frozen: true, sources: [] }, surroundings);
  if (!planned.ok) return planned;
  const known = checkNames(limits, planned.value);
  if (!known.ok) return known;
  const needed = (now: Prepared): Provision => {
    const { plan, checked } = now.planned;
    const { root, boot, reproduce } = checked.target.value;
    const apart = [root, ...[boot, reproduce].flatMap((part) => part?.root ?? [])];
    const made = plan.nodes.filter(({ component }) => !limits.except.includes(component));
    return provisionFor(made, plan, apart);
  };
  const provided = await providePrepared(planned.value, needed, true, surroundings);
  if (!provided.ok) return provided;
  const prepared = provided.value;
  const taken = takenFrom(prepared, limits.except, store);
  if (!taken.ok) return taken;
  const { plan, checked } = prepared.planned;
  const { root, boot, reproduce } = checked.target.value;
  const treeOf = (name: string): string => rootTree(surroundings.cacheDir, plan.roots[name] ?? "");
  return ok({
    prepared,
    needs: new Map(plan.nodes.map((node) => [node.id, needsOf(node)])),
    taken: taken.value,
    roots: {
      build: treeOf(root),
      vary: reproduce && treeOf(reproduce.root),
      boot: boot && treeOf(boot.root),
    },
  });
}

function checkNames({ components, except }: Limits, { planned }: Prepared): Result<undefined> {
  const { plan, checked } = planned;
  const names = [...checked.components.keys(), ...checked.images];
  const unknown = [...components, ...except].filter((name) => !names.includes(name));
  if (unknown.length === 0) return ok(undefined);
  return failed(
    ...unknown.map((name) => ({
      code: "NVLAB_USAGE" as const,
      message: `${JSON.stringify(name)} is no component or image of ${plan.target}`,
      hint: `it has ${names.join(", ")}`,
    })),
  );
}

/** Stored outputs of components that are not made anew. */
function takenFrom({ planned }: Prepared, except: readonly string[], store: Store): Result<string[]> {
  const { plan } = planned;
  if (except.length === 0) return ok([]);
  const sandboxPolicy = String(sandboxPolicyVersion);
  const states = evaluatePlan({ plan, sandboxPolicy, rebuild: new Set(), store });
  const outputs = plan.nodes.filter(
    ({ component, kind }) => except.includes(component) && kind !== "source" && kind !== "patched",
  );
  const taken: string[] = [];
  const absent: string[] = [];
  for (const { id } of outputs) {
    const state = states.get(id);
    if (state?.state === "hit") taken.push(state.fingerprint);
    else absent.push(id);
  }
  if (absent.length === 0) return ok(taken);
  return failed({
    code: "NVLAB_REPRODUCE",
    message: `${absent.join(", ")} cannot be taken from the store: it is not there`,
    hint: `run \`nvlab build ${plan.target}\` first, or leave --except out`,
  });
}
