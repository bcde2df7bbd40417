import { failed, ok } from "../../failure/result.ts";
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
  const answers = await Promise.all(controllers.value.map((socket) => askStatus(socket, { signal })));
  const statuses = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const failures = answers.flatMap((answer) => (answer.ok ? [] : answer.failures));
  // One that has died hides nothing of the others.
  if (statuses.length === 0) return failed(...failures);
  return ok({
    data: { controllers: statuses, failures },
    result: renderStatus(statuses, paint),
    failures,
    exit: failures.length === 0 ? 0 : 1,
  });
};
