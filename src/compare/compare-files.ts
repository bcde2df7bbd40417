import { readDtb } from "../device-tree/read-dtb.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { diffConfigs } from "../kconfig/diff.ts";
import type { ConfigChange, TreeChange } from "./comparison.ts";
import { compareTrees } from "./device-trees.ts";
import type { NamedFile, Side } from "./side.ts";
import { readNamed } from "./side.ts";

/** A file that both sides have, with other bytes. */
export interface Pair {
  readonly before: NamedFile;
  readonly after: NamedFile;
}

/** What came of comparing files of a kind: the differences, and what was left out and why. */
export interface FilesCompared<T> {
  readonly found: readonly T[];
  readonly leftOut: readonly { readonly part: string; readonly reason: string }[];
}

/** The final .configs, by option. */
export function compareConfigs(
  before: Side,
  after: Side,
  pairs: readonly (Pair & { readonly component: string })[],
): Promise<Result<FilesCompared<ConfigChange>>> {
  return comparePairs(before, after, pairs, ({ component }, old, now) => ({
    value: { component, ...diffConfigs(old.toString("utf8"), now.toString("utf8")) },
  }));
}

/** The device trees, by node and property. */
export function compareDeviceTrees(
  before: Side,
  after: Side,
  pairs: readonly Pair[],
): Promise<Result<FilesCompared<TreeChange>>> {
  return comparePairs(before, after, pairs, ({ after: { path } }, old, now) => {
    const [left, right] = [readDtb(old), readDtb(now)];
    if ("fault" in left) return { fault: `${path} of ${before.label}: ${left.fault}` };
    if ("fault" in right) return { fault: `${path} of ${after.label}: ${right.fault}` };
    return { value: { tree: path, ...compareTrees(left.tree, right.tree) } };
  });
}

async function comparePairs<P extends Pair, T>(
  before: Side,
  after: Side,
  pairs: readonly P[],
  compare: (pair: P, old: Buffer, now: Buffer) => { readonly value: T } | { readonly fault: string },
): Promise<Result<FilesCompared<T>>> {
  const found: T[] = [];
  const leftOut: { part: string; reason: string }[] = [];
  for (const pair of pairs) {
    const [old, now] = [await readNamed(before, pair.before), await readNamed(after, pair.after)];
    if (!old.ok) return old;
    if (!now.ok) return now;
    const absent =
      "absent" in old.value ? old.value.absent : "absent" in now.value ? now.value.absent : undefined;
    if (absent !== undefined || "absent" in old.value || "absent" in now.value) {
      leftOut.push({ part: pair.after.path, reason: absent ?? "" });
      continue;
    }
    const compared = compare(pair, old.value.value, now.value.value);
    if ("fault" in compared)
      return failed({
        code: "NVLAB_COMPARE",
        message: compared.fault,
        hint: "build it anew: its writer made it so",
      });
    found.push(compared.value);
  }
  return ok({ found, leftOut });
}
