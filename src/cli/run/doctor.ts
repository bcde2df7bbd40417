import { ok } from "../../failure/result.ts";
import type { Paint } from "../../report/palette.ts";
import { renderTable } from "../../report/table.ts";
import type { Run } from "../context.ts";
import type { CheckResult, CheckState } from "../doctor/check.ts";
import { checks } from "../doctor/checks.ts";
import { realHost } from "../doctor/real-host.ts";

const colours = { ok: "green", warn: "yellow", fail: "red" } as const satisfies Record<CheckState, string>;

export const run: Run<unknown> = async (context) => {
  const host = realHost(context, process.versions.node);
  const results = await Promise.all(checks.map((check) => check(host)));
  const bad = results.some((result) => result.state === "fail");
  return ok({ data: { checks: results }, result: describe(results, context.paint), exit: bad ? 1 : 0 });
};

export function describe(results: readonly CheckResult[], paint: Paint): string {
  const rows = results.map(({ name, state, found }) => [paint(colours[state], state), name, found]);
  const mends = results
    .filter((result) => result.mend !== undefined)
    .map(({ name, mend = "" }) => `  ${name}: ${mend}`);
  const table = renderTable([{ title: "" }, { title: "check" }, { title: "found" }], rows, paint);
  return mends.length === 0 ? table : [table, "", paint("bold", "to mend:"), ...mends].join("\n");
}
