import { createHash } from "node:crypto";
import type { LockedRoot } from "../lock/lock.ts";
import type { RootRecipe } from "../recipe/schema/root.ts";

/** Changes whenever the same packages give another tree than before. */
const unpackVersion = 2;

/** Digest over all that decides what an unpacked root holds: the packages' digests, the links and the way of unpacking. */
export function rootDigest(locked: LockedRoot, recipe: Pick<RootRecipe, "links">): string {
  const hash = createHash("sha256").update(`nvlab root ${unpackVersion}\n`);
  for (const sha256 of locked.packages.map((entry) => entry.sha256).sort())
    hash.update(`package ${sha256}\n`);
  for (const [at, target] of Object.entries(recipe.links).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`link ${JSON.stringify([at, target])}\n`);
  }
  return hash.digest("hex");
}
