import { ok, type Result } from "../../failure/result.ts";
import { count, humanSize } from "../../report/measure.ts";
import { renderTable } from "../../report/table.ts";
import { collectGarbage, type GarbageReport, type RemovedGarbage } from "../../store/collect-garbage.ts";
import { verifyStore } from "../../store/verify-store.ts";
import type { CommandContext, Outcome, Run } from "../context.ts";
import { reachableFrom } from "../gc/reachable.ts";
import type { GcOptions } from "../options.ts";

const usualMaxAgeMs = 30 * 24 * 60 * 60 * 1000;

export const run: Run<GcOptions> = async (context, { maxSize, maxAge, dryRun = false, verify = false }) => {
  if (verify) return verified(context, dryRun);
  const keep = await reachableFrom(context);
  if (!keep.ok) return keep;
  const unlimited = maxSize === undefined && maxAge === undefined;
  const maxAgeMs = unlimited ? usualMaxAgeMs : maxAge;
  const report = await collectGarbage({
    cacheDir: context.cacheDir,
    keep: keep.value,
    dryRun,
    now: Date.now(),
    ...(maxSize !== undefined && { maxBytes: maxSize }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
  });
  if (!report.ok) return report;
  const { value } = report;
  const table = describeRemoved(value.removed);
  return ok({
    data: { dryRun, ...value },
    ...(table !== undefined && { result: table }),
    remarks: describeEnd(value, dryRun),
  });
};

const names: Readonly<Record<RemovedGarbage["kind"], string>> = {
  entry: "outputs",
  root: "roots",
  download: "downloads",
  temporary: "left behind",
};

/** A row for each kind of thing; undefined where nothing went. */
export function describeRemoved(removed: readonly RemovedGarbage[]): string | undefined {
  const kinds = Object.entries(names).flatMap(([kind, name]) => {
    const found = removed.filter((item) => item.kind === kind);
    const bytes = found.reduce((sum, item) => sum + item.bytes, 0);
    return found.length === 0 ? [] : [[name, String(found.length), humanSize(bytes)]];
  });
  if (kinds.length === 0) return undefined;
  return renderTable(
    [{ title: "removed" }, { title: "count", align: "right" }, { title: "size", align: "right" }],
    kinds,
  );
}

export function describeEnd(report: GarbageReport, dryRun: boolean): string {
  const freed = `${dryRun ? "would free" : "freed"} ${humanSize(report.bytesFreed)}`;
  const busy =
    report.sessions === 0 ? "" : `; what ${count(report.sessions, "running command")} may need was kept`;
  return `${freed}, ${humanSize(report.bytesKept)} remain${busy}`;
}

/** Every entry hashed: altered ones are moved out of the way, so that the next build makes them anew. */
async function verified({ cacheDir, signal }: CommandContext, dryRun: boolean): Promise<Result<Outcome>> {
  const verdict = await verifyStore({ cacheDir, setAside: !dryRun, signal });
  if (!verdict.ok) return verdict;
  const { entries, files, altered } = verdict.value;
  const rows = altered.map(({ component, what }) => [component ?? "", what.join(", ")]);
  return ok({
    data: verdict.value,
    ...(altered.length > 0 && { result: renderTable([{ title: "altered" }, { title: "what" }], rows) }),
    remarks: `${count(entries, "output")} with ${count(files, "file")} hashed: ${altered.length === 0 ? "all as recorded" : `${String(altered.length)} altered`}`,
    exit: altered.length === 0 ? 0 : 1,
  });
}
