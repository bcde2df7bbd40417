import { failed } from "../../failure/result.ts";
import type { Run } from "../context.ts";

export const run: Run<unknown> = () =>
  Promise.resolve(failed({ code: "NVLAB_USAGE", message: "this command is not wired to the engine yet" }));
