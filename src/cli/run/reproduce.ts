import { resolve } from "node:path";
import { ok } from "../../failure/result.ts";
import { parseVary } from "../../reproduce/parse-vary.ts";
import { renderReproduced, summarizeReproduced } from "../../reproduce/report-text.ts";
import { reproduceTarget } from "../../reproduce/reproduce-target.ts";
import { checkStatementRequest, writeStatement } from "../../reproduce/write-statement.ts";
import type { Run } from "../context.ts";
import type { ReproduceOptions } from "../options.ts";

export const run: Run<ReproduceOptions> = async (context, options) => {
  const choice = parseVary(options.vary ?? []);
  if (!choice.ok) return choice;
  const absolute = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : resolve(context.directory, path);
  const { component: components = [], except = [], rebuilder } = options;
  const wanted = {
    file: absolute(options.statement),
    key: absolute(options.key),
    release: absolute(options.from),
    rebuilder,
    partly: components.length > 0,
  };
  const ready = await checkStatementRequest(wanted);
  if (!ready.ok) return ready;
  const reproduced = await reproduceTarget(
    {
      target: options.target,
      choice: choice.value,
      once: options.once ?? false,
      out: absolute(options.out),
      from: absolute(options.from),
      components,
      except,
      jobs: options.jobs,
    },
    context,
  );
  if (!reproduced.ok) return reproduced;
  const { report } = reproduced.value;
  const written = await writeStatement(reproduced.value, wanted, ready.value);
  if (!written.ok) return written;
  return ok({
    data: { ...report, statement: written.value },
    result: renderReproduced(report, context.paint),
    remarks: summarizeReproduced(report, written.value),
    exit: report.identical ? 0 : 1,
  });
};
