import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { configAgainstDefconfig, editConfig, finalConfig, tryOptions } from "../../build/ask-config.ts";
import type { TargetRequest } from "../../build/request.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { ConfigDiff } from "../../kconfig/diff.ts";
import { findProjectDirectory } from "../../recipe/project.ts";
import type { CommandContext, Outcome, Run } from "../context.ts";
import type { ConfigOptions } from "../options.ts";

export const run: Run<ConfigOptions> = async (context, { name, target, diff, set, menuconfig }) => {
  const request: TargetRequest = { target, frozen: context.ci, sources: [] };
  if (menuconfig === true) return menu(name, request, context);
  if (set !== undefined) {
    const tried = await tryOptions(name, set, request, context);
    if (!tried.ok) return tried;
    const lost = tried.value.lost.map(
      ({ option, wanted, got }) => `${option}=${wanted} is not taken: Kconfig has ${got}`,
    );
    const outcome = { data: tried.value, result: describe(tried.value.diff) };
    return ok(lost.length > 0 ? { ...outcome, remarks: lost.join("\n"), exit: 1 } : outcome);
  }
  if (diff === true) {
    const found = await configAgainstDefconfig(name, request, context);
    return found.ok ? ok({ data: found.value, result: describe(found.value) }) : found;
  }
  const config = await finalConfig(name, request, context);
  return config.ok ? ok({ data: { name, config: config.value }, result: config.value.trimEnd() }) : config;
};

function describe({ added, removed, changed }: ConfigDiff): string {
  const lines = [
    ...added.map(({ option, after }) => `+ ${option}=${after ?? "n"}`),
    ...removed.map(({ option, before }) => `- ${option}=${before ?? "n"}`),
    ...changed.map(({ option, before, after }) => `~ ${option}: ${before ?? "n"} → ${after ?? "n"}`),
  ];
  return lines.length > 0 ? lines.join("\n") : "no difference";
}

async function menu(name: string, request: TargetRequest, context: CommandContext): Promise<Result<Outcome>> {
  if (!context.interactive) {
    return failed({
      code: "NVLAB_USAGE",
      message: "menuconfig needs a terminal",
      hint: "use --set OPTION=VALUE",
    });
  }
  const fragment = await editConfig(name, request, context, {
    term: context.environment.TERM,
    use: context.yieldTerminal,
  });
  if (!fragment.ok) return fragment;
  if (fragment.value === "") return ok({ data: { fragment: "" }, remarks: "nothing was changed" });
  const directory = findProjectDirectory(context.directory);
  if (!directory.ok) return directory;
  const path = `kernel-configs/${name}/menuconfig.config`;
  const written = await offer(join(directory.value, path), path, fragment.value);
  const remarks = written
    ? `wrote ${path}: name it among the fragments of '${name}' to use it`
    : "not written; the change as a fragment is above";
  return ok({
    data: { fragment: fragment.value, written: written ? path : null },
    result: fragment.value.trimEnd(),
    remarks,
  });
}

/** An earlier fragment of that name is added to, never replaced. */
async function offer(absolute: string, shown: string, fragment: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${fragment}write this to ${shown}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) return false;
  } finally {
    terminal.close();
  }
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, fragment, { flag: existsSync(absolute) ? "a" : "w" });
  return true;
}
