import { all, ok } from "../../failure/result.ts";
import { renderStatus } from "../../lab/render-status.ts";
import { askStatus } from "../../lab/status.ts";
import { chosenControllers } from "../boot/chosen-controllers.ts";
import type { Run } from "../context.ts";
import type { LabChoiceOptions } from "../options.ts";

/** What all controllers of the running machine say of themselves, or the one that is named. */
export const run: Run<LabChoiceOptions> = async (context, choice) => {
  const controllers = await chosenControllers(context, choice);
  if (!controllers.ok) return controllers;
  const { signal, paint } = context;
  const statuses = all(await Promise.all(controllers.value.map((socket) => askStatus(socket, { signal }))));
  if (!statuses.ok) return statuses;
  return ok({ data: { controllers: statuses.value }, result: renderStatus(statuses.value, paint) });
};
