import { z } from "zod";
import { statementType, type Statement } from "./statement.ts";
import { subjectsOf } from "./subjects.ts";

/** What a rebuild found: docs/signing.md, "What a rebuild says". */
export const rebuildType = "pkg:generic/nvlab#rebuild/v1";

const Variation = z.strictObject({
  name: z.string().min(1),
  place: z.enum(["outside", "inside"]),
  state: z.enum(["varied", "held-fixed", "not-varied"]),
  /** How it was varied, or why it was not. */
  note: z.string().optional(),
});

export const RebuildPredicate = z.strictObject({
  rebuilder: z.strictObject({ id: z.string().min(1) }),
  /** Of the manifest whose artifacts were rebuilt. */
  manifest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  result: z.enum(["identical", "different"]),
  /** Paths of the artifacts that came out otherwise. */
  different: z.array(z.string()),
  variations: z.array(Variation),
});
export type RebuildPredicate = z.output<typeof RebuildPredicate>;

export interface RebuildInput {
  /** URI of who rebuilt. */
  readonly rebuilder: string;
  /** Hexadecimal SHA-256 of the text of the manifest whose artifacts were rebuilt. */
  readonly manifestSha256: string;
  /** Its artifacts. */
  readonly artifacts: readonly { readonly path: string; readonly integrity: string }[];
  /** Paths of the artifacts that came out otherwise; none where all are identical. */
  readonly different: readonly string[];
  readonly variations: RebuildPredicate["variations"];
}

/** The statement of who has rebuilt a release: its subjects are the artifacts of the original. */
export function composeRebuild(input: RebuildInput): Statement {
  const predicate: RebuildPredicate = {
    rebuilder: { id: input.rebuilder },
    manifest: { sha256: input.manifestSha256 },
    result: input.different.length === 0 ? "identical" : "different",
    different: [...input.different].sort(),
    variations: input.variations,
  };
  return {
    _type: statementType,
    subject: subjectsOf(input.artifacts),
    predicateType: rebuildType,
    predicate,
  };
}
