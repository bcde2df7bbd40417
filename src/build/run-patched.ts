import { readFileSync } from "node:fs";
import { baseEnvironment } from "../exec/base-environment.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { StepExit } from "../exec/step-exit.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { InputFile, PatchedNode } from "../plan/node.ts";
import { breakLinks, linkTree } from "../store/link-tree.ts";
import { overlayFiles } from "../store/overlay.ts";
import { explainPatchFailure, patchedPaths } from "../store/patch.ts";
import type { Staging } from "../store/store.ts";
import { unmeasured } from "./run-source.ts";
import type { Workshop } from "./workshop.ts";

/**
 * The source tree again, by links: only files that a patch or the overlay names are files of their own. The
 * pristine tree is never written to.
 */
export async function runPatched(
  node: PatchedNode,
  sourceTree: string | undefined,
  staging: Staging,
  workshop: Workshop,
): Promise<Result<StepExit>> {
  if (sourceTree !== undefined) {
    const linked = await linkTree(sourceTree, staging.out, workshop.signal);
    if (!linked.ok) return linked;
  }
  for (const patch of node.patches) {
    const applied = await applyPatch(patch, node, staging, workshop);
    if (!applied.ok) return applied;
  }
  const laid = await overlayFiles(
    staging.out,
    node.overlay.map(({ to, file }) => ({ to, from: file.absolute, executable: file.executable })),
  );
  return laid.ok ? ok(unmeasured) : laid;
}

async function applyPatch(
  patch: InputFile,
  node: PatchedNode,
  staging: Staging,
  workshop: Workshop,
): Promise<Result<undefined>> {
  const text = readFileSync(patch.absolute, "utf8");
  const broken = await breakLinks(staging.out, patchedPaths(text));
  if (!broken.ok) return broken;
  const lines: string[] = [];
  const ended = await runSandboxed(
    {
      root: workshop.rootTree(node.root),
      mounts: [
        { host: patch.absolute, at: "/project/the.patch", writable: false },
        { host: staging.out, at: "/out", writable: true },
      ],
      environment: baseEnvironment(workshop.plan.epoch),
      command: [
        "/usr/bin/patch",
        ...["--strip=1", "--fuzz=0", "--forward", "--batch", "--no-backup-if-mismatch", "--reject-file=-"],
        ...["--directory=/out", "--input=/project/the.patch"],
      ],
      cwd: "/out",
      ...(workshop.variation && { variation: workshop.variation }),
    },
    { log: staging.log, signal: workshop.signal, onLine: (line) => lines.push(line) },
  );
  if (!ended.ok) return ended;
  if (ended.value.status === 0) return ok(undefined);
  return failed(...explainPatchFailure({ path: patch.path, text }, lines.join("\n")));
}
