import { resolve } from "node:path";
import { checkTrees } from "../../check/check-trees.ts";
import { ok } from "../../failure/result.ts";
import { count } from "../../report/measure.ts";
import type { Run } from "../context.ts";
import type { CheckOptions } from "../options.ts";

export const run: Run<CheckOptions> = async (context, { target, frozen, out, tree = [] }) => {
  const trees = tree.map((path) => resolve(context.directory, path));
  const checked = await checkTrees(
    {
      target,
      frozen: frozen ?? context.ci,
      trees,
      out: out === undefined ? undefined : resolve(context.directory, out),
    },
    context,
  );
  if (!checked.ok) return checked;
  const { trees: names, bindings } = checked.value;
  const what = `${count(names.length, "device tree")} (${names.join(", ")}) and ${count(bindings.length, "binding")}`;
  return ok({ data: checked.value, remarks: `${what}: nothing to complain of` });
};
