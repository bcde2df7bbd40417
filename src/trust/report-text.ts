import { renderVerifyTable } from "../release/verify-text.ts";
import { describeTrustFault } from "./fault.ts";
import type { TrustReport } from "./verify-trusted.ts";

/** The report for people: what `nvlab verify` says without keys, then who vouches for it and for what. */
export function renderTrustReport(report: TrustReport): string {
  const lines = [
    ...report.signers.map(
      ({ name, key, expires }) =>
        `signed by ${name === key ? key : `${name} (${key})`}${expires === undefined ? "" : `, until ${expires}`}`,
    ),
    ...report.attestations.map(
      ({ kind, says, signers }) => `${what[kind](says)}, says ${signers.join(" and ")}`,
    ),
  ];
  const faults = report.trustFaults.map((fault) => ({ path: fault.path, text: describeTrustFault(fault) }));
  return renderVerifyTable(report, { lines, faults });
}

const what = {
  provenance: (builder: string) => `built by ${builder}`,
  "test-result": (result: string) => `boot test: ${result}`,
  reproduce: (result: string) => `reproduced: ${result}`,
};
