import { fetchTarget } from "../../build/fetch-target.ts";
import { ok } from "../../failure/result.ts";
import { count } from "../../report/measure.ts";
import type { Run } from "../context.ts";
import type { FetchOptions } from "../options.ts";

export const run: Run<FetchOptions> = async (
  context,
  { target, frozen, check = false, reproduce = false },
) => {
  const request = { target, frozen: frozen ?? context.ci, sources: [], check, reproduce };
  const fetched = await fetchTarget(request, context);
  if (!fetched.ok) return fetched;
  const { sources, roots } = fetched.value;
  return ok({
    data: fetched.value,
    remarks: `${count(sources, "source")} and the roots ${roots.join(", ")} are in the cache: \`nvlab build ${fetched.value.target} --offline\` works`,
  });
};
