import { withWorkplace } from "../../build/workplace.ts";
import { failed, ok } from "../../failure/result.ts";
import type { Run } from "../context.ts";
import type { ShellOptions } from "../options.ts";

/** bash in the sandbox of a component; the steps of its recipe are in /run/step.sh. */
export const run: Run<ShellOptions> = async (context, { name, target, source }) => {
  if (!context.interactive) {
    return failed({
      code: "NVLAB_USAGE",
      message: "a shell needs a terminal",
      hint: "run it where you can type",
    });
  }
  const status = await withWorkplace(
    name,
    { target, frozen: context.ci, sources: source ?? [] },
    context,
    (workplace) => {
      context.emit({
        type: "notice",
        level: "info",
        message: `/src, /in, /obj and /out are as the build of '${name}' sees them; its script is /run/step.sh (bash -euo pipefail /run/step.sh). Nothing you do here is kept.`,
      });
      return context.yieldTerminal(() =>
        workplace.enter(["/usr/bin/bash", "--norc", "-i"], context.environment.TERM),
      );
    },
  );
  return status.ok ? ok({ data: { status: status.value } }) : status;
};
