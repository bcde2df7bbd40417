import { readFileSync } from "node:fs";
import { ok } from "../../failure/result.ts";
import { rebuildHere } from "../../reproduce/rebuild-here.ts";
import { RebuildOrder } from "../../reproduce/rebuild-order.ts";
import type { Run } from "../context.ts";
import type { RebuildOptions } from "../options.ts";

/** Called by `nvlab reproduce` alone, which writes the order. */
export const run: Run<RebuildOptions> = async (context, { order }) => {
  const asked = RebuildOrder.parse(JSON.parse(readFileSync(order, "utf8")));
  const rebuilt = await rebuildHere(asked, context);
  return rebuilt.ok ? ok({ data: rebuilt.value }) : rebuilt;
};
