import { resolve } from "node:path";
import { ok } from "../../failure/result.ts";
import { verifyRelease } from "../../release/verify-release.ts";
import { renderVerifyTable } from "../../release/verify-text.ts";
import type { Run } from "../context.ts";
import type { VerifyOptions } from "../options.ts";

export const run: Run<VerifyOptions> = async (context, { path }) => {
  const report = await verifyRelease(resolve(context.directory, path), context.signal);
  if (!report.ok) return report;
  const text = renderVerifyTable(report.value);
  return ok({ data: report.value, result: text, exit: report.value.ok ? 0 : 1 });
};
