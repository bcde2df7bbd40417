import { resolve } from "node:path";
import { ok } from "../../failure/result.ts";
import { verifyRelease } from "../../release/verify-release.ts";
import { renderVerifyTable } from "../../release/verify-text.ts";
import type { Run } from "../context.ts";
import type { VerifyOptions } from "../options.ts";

/** Options that only a check of signatures can keep. */
const trustOptions = [
  "key",
  "signer",
  "rebuilder",
  "threshold",
  "target",
  "minimumVersion",
  "builder",
  "requireReproduced",
  "requireTested",
  "policy",
] as const;

export const run: Run<VerifyOptions> = async (context, options) => {
  const path = resolve(context.directory, options.path);
  if (trustOptions.some((name) => options[name] !== undefined)) {
    const { verifyWithKeys } = await import("../verify/with-keys.ts");
    return verifyWithKeys(context, path, options);
  }
  const report = await verifyRelease(path, context.signal);
  if (!report.ok) return report;
  const text = renderVerifyTable(report.value);
  return ok({ data: report.value, result: text, exit: report.value.ok ? 0 : 1 });
};
