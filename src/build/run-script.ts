import { existsSync } from "node:fs";
import { join } from "node:path";
import { jobserverMakeflags } from "../exec/jobserver.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { Mount, SandboxRun } from "../exec/sandbox.ts";
import type { StepExit } from "../exec/step-exit.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { privateKeyPath } from "../image/rendered.ts";
import type { ScriptNode } from "../plan/node.ts";
import { removeTree } from "../store/remove-tree.ts";
import { makeTemporaryFolder } from "../store/staging.ts";
import type { Staging } from "../store/store.ts";
import { checkConfig } from "./check-config.ts";
import { checkDeviceTree } from "./check-device-tree.ts";
import { inspectModules } from "./inspect-modules.ts";
import { scriptMount, scriptMounts, type HostPathOf } from "./script-mounts.ts";
import { stepFailures } from "./step-failure.ts";
import { takeObj } from "./take-obj.ts";
import type { Workshop } from "./workshop.ts";

/** Runs a node's script in the sandbox; its outputs are in the staging folder afterwards. */
export async function runScript(
  node: ScriptNode,
  staging: Staging,
  hostPathOf: HostPathOf,
  workshop: Workshop,
): Promise<Result<StepExit>> {
  const scratch = makeTemporaryFolder(workshop.cacheDir);
  const place = await takeObj(node, scratch, workshop);
  if (!place.ok) {
    await removeTree(scratch);
    return place;
  }
  const { obj } = place.value;
  const run: SandboxRun = {
    root: workshop.rootTree(node.root),
    mounts: [
      ...scriptMounts(node, { scratch, obj, out: staging.out }, hostPathOf),
      ...keyMounts(node, workshop),
      workshop.jobserver.mount,
    ],
    environment: { ...node.environment, MAKEFLAGS: jobserverMakeflags },
    command: ["/usr/bin/bash", "-euo", "pipefail", scriptMount],
    cwd: "/obj",
    ...(workshop.variation && { variation: workshop.variation }),
  };
  let lines = 0;
  const options = {
    log: staging.log,
    signal: workshop.signal,
    onLine: (line: string) =>
      workshop.emit({ type: "node-output", node: node.id, line, lines: (lines += 1) }),
  };
  try {
    const ended = await runSandboxed(run, options);
    if (!ended.ok) return ended;
    if (ended.value.status !== 0) return failed(...stepFailures(node, ended.value, staging.log));
    const missing = node.outputs.filter((output) => !existsSync(join(staging.out, output)));
    if (missing.length > 0) {
      return failed(
        ...missing.map((output) => ({
          code: "NVLAB_OUTPUT_MISSING" as const,
          message: `'${node.component}' ended well but did not make /out/${output}`,
          hint: `look into it with \`nvlab shell ${node.component}\`, or correct 'outputs' in its recipe`,
        })),
      );
    }
    const folders = { out: staging.out, scratch, ...options };
    const checked = await checkMade(node, run, folders, workshop.home);
    return checked.ok ? ended : checked;
  } finally {
    place.value.release();
    // A build may leave folders that cannot be written, which rmSync would stop at.
    await removeTree(scratch);
  }
}

/** The private key is mounted from where it lies, for this one run, and never copied. */
function keyMounts({ signing }: ScriptNode, { keyFile }: Workshop): Mount[] {
  return signing ? [{ host: keyFile(signing.key), at: privateKeyPath(signing.key), writable: false }] : [];
}

/** What has to hold of outputs beyond their being there. */
function checkMade(
  node: ScriptNode,
  run: SandboxRun,
  folders: Omit<Parameters<typeof checkConfig>[2], "home">,
  home: string,
): Result<undefined> | Promise<Result<undefined>> {
  if (node.kconfig) return checkConfig(node.kconfig, run, { ...folders, home });
  if (node.modules) return inspectModules(node.component, node.modules, run, folders);
  return node.deviceTree ? checkDeviceTree(node, node.deviceTree, folders.out) : ok(undefined);
}
