import { relative, resolve } from "node:path";
import { buildTarget } from "../../build/build-target.ts";
import type { BuildOutcome } from "../../build/outcome.ts";
import { ok } from "../../failure/result.ts";
import { count, humanDuration, humanSize } from "../../report/measure.ts";
import { renderTable } from "../../report/table.ts";
import type { CommandContext, Run } from "../context.ts";
import type { BuildOptions } from "../options.ts";

export const run: Run<BuildOptions> = async (context, options) => {
  const built = await buildTarget(
    {
      target: options.target,
      frozen: options.frozen ?? context.ci,
      sources: options.source ?? [],
      ...(options.fitKey && { fitKeys: options.fitKey }),
      components: options.component ?? [],
      jobs: options.jobs,
      keepGoing: options.keepGoing ?? false,
      rebuild: options.rebuild ?? [],
      out: options.out === undefined ? undefined : resolve(context.directory, options.out),
      releaseVersion: options.releaseVersion,
      incremental: options.incremental ?? false,
    },
    context,
  );
  if (!built.ok) return built;
  return ok({ data: built.value, remarks: describe(built.value, context) });
};

/** The images, what was built and what the store had, and the next command. */
function describe(outcome: BuildOutcome, { paint, now, directory }: CommandContext): string {
  const steps = outcome.nodes.filter((node) => !/\/(source|patched)/.test(node.node));
  const built = steps.filter((node) => node.outcome === "built").map((node) => node.node);
  const cached = steps.length - built.length;
  const what =
    built.length === 0
      ? `nothing to do: ${count(cached, "step")} from the store`
      : `built ${built.join(", ")}; ${count(cached, "step")} from the store`;
  const said = `${what} (${humanDuration(now())})`;
  if (!outcome.release) {
    const places = outcome.nodes.map((node) => [node.node, node.path]);
    return [renderTable([{ title: "output of" }, { title: "is in" }], places, paint), "", said].join("\n");
  }
  const rows = outcome.release.artifacts
    .filter(({ kind }) => kind !== "config" && kind !== "debug")
    .map(({ path, size, sha256 }) => [path, humanSize(size), sha256.slice(0, 12)]);
  const table = renderTable(
    [{ title: shownPath(directory, outcome.out) }, { title: "size", align: "right" }, { title: "sha256" }],
    rows,
    paint,
  );
  return [table, "", said, `next: nvlab boot ${outcome.target}`].join("\n");
}

function shownPath(directory: string, path: string): string {
  const short = relative(directory, path);
  return short.startsWith("..") || short === "" ? path : short;
}
