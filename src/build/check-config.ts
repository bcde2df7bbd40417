import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { lostOptions } from "../kconfig/check.ts";
import { explainEnvironment, lostOptionFailures } from "../kconfig/lost-option-failure.ts";
import type { ScriptNode } from "../plan/node.ts";
import { scriptMount } from "./script-mounts.ts";

interface CheckFolders {
  readonly out: string;
  readonly scratch: string;
  /** Folder of nvlab itself, where the programs that explain lie. */
  readonly home: string;
  readonly log: string;
  readonly signal: AbortSignal;
}

/**
 * Compares the finished .config with what the fragments asked for. Where an option was lost, the tree's own
 * parser is asked why, in the same sandbox: a second run that only a failing configuration pays for.
 */
export async function checkConfig(
  kconfig: NonNullable<ScriptNode["kconfig"]>,
  run: SandboxRun,
  { out, scratch, home, log, signal }: CheckFolders,
): Promise<Result<undefined>> {
  const lost = lostOptions(kconfig.requested, readFileSync(join(out, ".config"), "utf8"));
  if (lost.length === 0) return ok(undefined);
  const script = join(scratch, "explain.sh");
  writeFileSync(script, kconfig.explain);
  const explainers = (kconfig.explainers ?? []).map((path) => ({
    host: join(home, path),
    at: `/project/${path}`,
    writable: false,
  }));
  const lines: string[] = [];
  const explained = await runSandboxed(
    {
      ...run,
      mounts: [
        ...run.mounts.filter((mount) => mount.at !== scriptMount),
        { host: script, at: scriptMount, writable: false },
        ...explainers,
      ],
      environment: { ...run.environment, ...explainEnvironment(lost) },
    },
    { log, signal, onLine: (line) => lines.push(line) },
  );
  if (!explained.ok) return explained;
  return failed(...lostOptionFailures(lost, lines.join("\n")));
}
