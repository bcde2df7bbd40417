import { ok } from "../../failure/result.ts";
import { askController } from "../../lab/ask-controller.ts";
import { renderAnswer } from "../../lab/render-answer.ts";
import { requestLine } from "../../lab/request.ts";
import { chosenControllers } from "../boot/chosen-controllers.ts";
import type { Run } from "../context.ts";
import type { LabOptions } from "../options.ts";

/** One command to one controller: the first, where none is named. */
export const run: Run<LabOptions> = async (context, { verb, words, ...choice }) => {
  const request = requestLine(verb, words);
  if (!request.ok) return request;
  const controllers = await chosenControllers(context, choice);
  if (!controllers.ok) return controllers;
  const [controller] = controllers.value;
  if (controller === undefined) throw new Error("a machine without controllers");
  const answer = await askController(controller, request.value, { signal: context.signal });
  if (!answer.ok) return answer;
  const text = renderAnswer(answer.value);
  return ok({
    data: { controller: controller.name, request: request.value, answer: answer.value },
    ...(text !== "" && { result: text }),
    remarks: `${controller.name}: ${request.value}`,
  });
};
