import { lockProject } from "../../build/lock-project.ts";
import { ok } from "../../failure/result.ts";
import { count } from "../../report/measure.ts";
import { renderTable } from "../../report/table.ts";
import type { Run } from "../context.ts";
import type { LockOptions } from "../options.ts";

export const run: Run<LockOptions> = async (context, { update, epoch }) => {
  const asked = update === undefined ? [] : update === true ? ("all" as const) : update;
  const locked = await lockProject({ update: asked, epoch }, context);
  if (!locked.ok) return locked;
  const { changes, path } = locked.value;
  if (changes.length === 0) return ok({ data: locked.value, remarks: `${path} is up to date` });
  const rows = changes.map(({ kind, name, from, to }) => [kind, name, from ?? "", to ?? "(dropped)"]);
  const table = renderTable(
    [{ title: "what" }, { title: "name" }, { title: "from" }, { title: "to" }],
    rows,
    context.paint,
  );
  return ok({
    data: locked.value,
    result: table,
    remarks: `wrote ${path}: ${count(changes.length, "change")}`,
  });
};
