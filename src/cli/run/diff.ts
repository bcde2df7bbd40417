import { resolve } from "node:path";
import { compareReleases } from "../../compare/compare-releases.ts";
import { renderComparison, renderMarkdown } from "../../compare/render.ts";
import { ok } from "../../failure/result.ts";
import type { Run } from "../context.ts";
import type { DiffOptions } from "../options.ts";
import { vexFile } from "../vex-file.ts";

export const run: Run<DiffOptions> = async (context, options) => {
  const { directory, signal, paint } = context;
  const side = (label: string) => ({ path: resolve(directory, label), label });
  const vex = vexFile(options.vex, directory);
  const compared = await compareReleases({
    before: side(options.before),
    after: side(options.after),
    ...(options.db === undefined ? {} : { database: resolve(directory, options.db) }),
    ...(vex === undefined ? {} : { vex }),
    signal,
  });
  if (!compared.ok) return compared;
  const comparison = compared.value;
  const results = {
    table: () => renderComparison(comparison, paint),
    markdown: () => renderMarkdown(comparison),
    json: () => JSON.stringify(comparison, undefined, 2),
  };
  return ok({
    data: comparison,
    result: results[options.format](),
    exit: options.exitCode === true && !comparison.equal ? 1 : 0,
  });
};
