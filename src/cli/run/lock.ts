import { lockProject } from "../../build/lock-project.ts";
import { ok } from "../../failure/result.ts";
import type { LockChange } from "../../lock/lock-changes.ts";
import { count } from "../../report/measure.ts";
import { renderTable } from "../../report/table.ts";
import type { Run } from "../context.ts";
import type { LockOptions } from "../options.ts";

export const run: Run<LockOptions> = async (context, { update, epoch }) => {
  const asked = update === undefined ? [] : update === true ? ("all" as const) : update;
  const locked = await lockProject({ update: asked, epoch }, context);
  if (!locked.ok) return locked;
  const { changes, path, created } = locked.value;
  if (changes.length === 0) {
    const said = created ? `wrote ${path} with the pins that nvlab comes with` : `${path} is up to date`;
    return ok({ data: locked.value, remarks: said });
  }
  const rows = summed(changes).map(({ kind, name, from, to }) => [kind, name, from ?? "", to ?? "(dropped)"]);
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

/** Packages that are only added, as all of a new root's are, are one row a root. */
function summed(changes: readonly LockChange[]): LockChange[] {
  const isNew = ({ kind, from, to }: LockChange): boolean =>
    kind === "package" && from === undefined && to !== undefined;
  const roots = new Map<string, LockChange[]>();
  for (const change of changes.filter(isNew)) {
    const root = change.name.slice(0, change.name.indexOf("/"));
    roots.set(root, [...(roots.get(root) ?? []), change]);
  }
  const few = 10;
  const many = [...roots].filter(([, added]) => added.length > few);
  const hidden = new Set(many.flatMap(([, added]) => added));
  return [
    ...changes.filter((change) => !hidden.has(change)),
    ...many.map(([root, added]) => ({
      kind: "package" as const,
      name: `${root}/*`,
      to: count(added.length, "new package"),
    })),
  ];
}
