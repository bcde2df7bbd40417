import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { checkModules } from "../module/check.ts";
import { parseInspection } from "../module/inspection.ts";
import type { ScriptNode } from "../plan/node.ts";
import { scriptMount } from "./script-mounts.ts";

interface InspectFolders {
  readonly scratch: string;
  readonly log: string;
  readonly signal: AbortSignal;
}

/**
 * Looks at finished external modules as the kernel will, in a sandbox of its own in which nothing that the build
 * left can be written or still runs.
 */
export async function inspectModules(
  component: string,
  modules: NonNullable<ScriptNode["modules"]>,
  run: SandboxRun,
  { scratch, log, signal }: InspectFolders,
): Promise<Result<undefined>> {
  const script = join(scratch, "inspect.sh");
  writeFileSync(script, modules.inspect);
  const lines: string[] = [];
  const ended = await runSandboxed(
    {
      ...run,
      mounts: [
        ...run.mounts
          .filter((mount) => mount.at !== scriptMount)
          .map((mount) => ({ ...mount, writable: false })),
        { host: script, at: scriptMount, writable: false },
      ],
      cwd: "/tmp",
    },
    { log, signal, onLine: (line) => lines.push(line) },
  );
  if (!ended.ok) return ended;
  if (ended.value.status !== 0) {
    return failed({
      code: "NVLAB_MODULE",
      message: `the modules of '${component}' cannot be looked at`,
      details: lines.slice(-5),
      hint: "the kernel's module-build.tar.zst lacks what an external module needs: see docs/vendor.md",
    });
  }
  const failures = checkModules(component, modules.files, parseInspection(lines));
  return failures.length > 0 ? failed(...failures) : ok(undefined);
}
