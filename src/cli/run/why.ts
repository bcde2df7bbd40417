import { whyTarget, type NodeReason } from "../../build/why-target.ts";
import { ok } from "../../failure/result.ts";
import type { Run } from "../context.ts";
import type { WhyOptions } from "../options.ts";

export const run: Run<WhyOptions> = async (context, { name, target, source }) => {
  const why = await whyTarget(name, { target, frozen: context.ci, sources: source ?? [] }, context);
  if (!why.ok) return why;
  return ok({ data: { name, nodes: why.value }, result: why.value.flatMap(describe).join("\n") });
};

function describe({ node, state, differences, waitsFor }: NodeReason): string[] {
  const changes = differences.map(
    ({ what, change, detail }) =>
      `  ${what} ${change === "changed" ? "changed" : `was ${change}`}${detail === undefined ? "" : `: ${detail}`}`,
  );
  switch (state) {
    case "stored":
      return changes.length > 0
        ? [`${node}: differs from the last build, and the store has that output already`, ...changes]
        : [`${node}: as in the last build`];
    case "never":
      return [`${node}: was never built here`];
    case "gone":
      return [`${node}: nothing changed, but the store no longer has its output`];
    case "changed":
      return [`${node}: would be built anew`, ...changes];
    case "waits":
      return [`${node}: depends on ${waitsFor ?? "what is before it"}, which would be built first`];
  }
}
