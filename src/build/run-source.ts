import { ok, failed, type Result } from "../failure/result.ts";
import type { StepExit } from "../exec/step-exit.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import { baseEnvironment } from "../exec/base-environment.ts";
import { gitRepository } from "../fetch/git-repository.ts";
import { checkoutGit } from "../fetch/git-tree.ts";
import type { SourceNode } from "../plan/node.ts";
import { materialiseLocal, scanLocalSource } from "../store/local-source.ts";
import type { Staging } from "../store/store.ts";
import { badArchiveStatus, unpackScript } from "./unpack-script.ts";
import type { Workshop } from "./workshop.ts";

/** Work that no sandbox measured. */
export const unmeasured: StepExit = {
  status: 0,
  wallMs: 0,
  cpuMs: 0,
  peakBytes: 0,
  lines: 0,
  memoryRanOut: false,
};

/** Fills the staging folder with a pristine source tree. */
export async function runSource(
  node: SourceNode,
  staging: Staging,
  workshop: Workshop,
): Promise<Result<StepExit>> {
  const { origin } = node;
  if (origin.type === "local") {
    const { cacheDir, environment } = workshop.fetch;
    const rescan = (directory: string) => scanLocalSource(directory, { cacheDir, environment });
    const copied = await materialiseLocal(origin, staging.out, rescan);
    return copied.ok ? ok(unmeasured) : copied;
  }
  if (origin.type === "git") {
    const { cacheDir } = workshop.fetch;
    const checked = await checkoutGit(
      gitRepository(cacheDir, origin.url),
      origin.commit,
      staging.out,
      workshop.fetch,
    );
    return checked.ok ? ok(unmeasured) : checked;
  }
  const name = origin.file;
  const archive = `/in/${name}`;
  const ended = await runSandboxed(
    {
      root: workshop.rootTree(node.root),
      mounts: [
        { host: workshop.archive(origin.sha256), at: archive, writable: false },
        { host: staging.out, at: "/out", writable: true },
      ],
      environment: baseEnvironment(workshop.plan.epoch),
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", unpackScript(archive, node.strip)],
      cwd: "/out",
      ...(workshop.variation && { variation: workshop.variation }),
    },
    { log: staging.log, signal: workshop.signal },
  );
  if (!ended.ok || ended.value.status === 0) return ended;
  return failed({
    code: "NVLAB_ARCHIVE",
    message:
      ended.value.status === badArchiveStatus
        ? `${name} is not an archive that can be used: it is broken, or has names that lead outside its folder`
        : `unpacking ${name} ended with status ${String(ended.value.status)}`,
    details: staging.lastLines(5),
    hint: "the file has the digest that the lock names, so the lock asks for a bad archive: look where it came from",
  });
}
