import { createHash } from "node:crypto";
import type { RootRecipe } from "../recipe/schema/root.ts";
import type { PinnedSource } from "../recipe/schema/source.ts";

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, withSortedKeys)).digest("hex");
}

/** Digest over what decides which packages are chosen. Links and summary do not. */
export function rootRecipeDigest(recipe: RootRecipe): string {
  const { architecture, suites, packages, exclude } = recipe;
  return digestOf({ architecture, suites, packages: [...packages].sort(), exclude: [...exclude].sort() });
}

/** Digest over what decides which bytes are chosen for a source. How they are unpacked does not. */
export function sourceRecipeDigest(source: PinnedSource): string {
  const { track, variants, git } = source;
  return digestOf({ track, variants, git });
}
