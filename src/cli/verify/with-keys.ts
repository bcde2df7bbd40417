import { resolve } from "node:path";
import { ok, type Result } from "../../failure/result.ts";
import { composePolicy } from "../../trust/policy-options.ts";
import { renderTrustReport } from "../../trust/report-text.ts";
import { verifyTrusted } from "../../trust/verify-trusted.ts";
import type { CommandContext, Outcome } from "../context.ts";
import type { VerifyOptions } from "../options.ts";

/** `nvlab verify` where keys or a policy were given. */
export async function verifyWithKeys(
  context: CommandContext,
  path: string,
  options: VerifyOptions,
): Promise<Result<Outcome>> {
  const now = new Date();
  const absolute = (file: string): string => resolve(context.directory, file);
  const { policy: file, key = [], signer = [], rebuilder = [], ...demands } = options;
  const policy = await composePolicy(
    {
      ...demands,
      ...(file !== undefined && { policy: absolute(file) }),
      key: key.map(absolute),
      signer: signer.map(absolute),
      rebuilder: rebuilder.map(absolute),
    },
    now,
  );
  if (!policy.ok) return policy;
  const report = await verifyTrusted(path, policy.value, now, context.signal);
  if (!report.ok) return report;
  return ok({
    data: report.value,
    result: renderTrustReport(report.value),
    exit: report.value.ok ? 0 : 1,
  });
}
