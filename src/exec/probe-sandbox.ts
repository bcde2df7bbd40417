import { execFile } from "node:child_process";
import { failed, ok } from "../failure/result.ts";
import type { Result } from "../failure/result.ts";
import { bwrapArguments } from "./bwrap-arguments.ts";
import type { Invocation } from "./bwrap-arguments.ts";
import { readHostLimits } from "./host-limits.ts";
import type { HostLimits } from "./host-limits.ts";
import { explainFailedStart } from "./sandbox-failure.ts";

/** What the probe asks of the host; replaced in tests. */
export interface ProbeHost {
  readonly attempt: (invocation: Invocation) => Promise<{ stderr: string; error?: string } | undefined>;
  readonly limits: () => Promise<HostLimits>;
}

const realHost: ProbeHost = { attempt, limits: () => readHostLimits() };

/**
 * Really starts a sandbox in the root; without a root, makes the same namespaces with the host's `unshare`.
 * The failure, NVLAB_SANDBOX, has the command that mends this host.
 */
export async function probeSandbox(
  root: string | undefined,
  host: ProbeHost = realHost,
): Promise<Result<undefined>> {
  const run = { mounts: [], environment: {}, command: ["/bin/true"], cwd: "/" };
  const invocation: Invocation =
    root === undefined
      ? { file: "unshare", args: ["-Ur", "-pf", "-n", "-m", "--mount-proc", "true"] }
      : bwrapArguments({ root, ...run }, { terminal: "none" });
  const fault = await host.attempt(invocation);
  if (fault === undefined) return ok(undefined);
  // A host without `unshare` says nothing about its namespaces: the first build will.
  if (root === undefined && fault.error !== undefined) return ok(undefined);
  const { stderr, error } = fault;
  const seen = { root, stderr, ...(error === undefined ? {} : { spawnError: error }) };
  return failed(explainFailedStart(seen, await host.limits()));
}

function attempt({ file, args }: Invocation): Promise<{ stderr: string; error?: string } | undefined> {
  return new Promise((resolve) => {
    execFile(file, [...args], { env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" } }, (error, _, stderr) => {
      if (error === null) resolve(undefined);
      else resolve({ stderr, ...(typeof error.code === "string" ? { error: error.code } : {}) });
    });
  });
}
