import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { home } from "../../support/program.ts";
import { testRoot } from "../../support/root.ts";

export interface CheckedRun {
  readonly status: number;
  readonly output: string;
}

/** The model built with the sanitizers in a folder of the host, which is to be removed afterwards. */
export interface CheckedModel {
  readonly folder: string;
  /** Runs a script in the build root; the binaries are in its working folder. */
  run(script: string): Promise<CheckedRun>;
}

/** Builds the model, its tests and its fuzzers in the build root, the latter two with ASan and UBSan. */
export async function buildCheckedModel(): Promise<CheckedModel> {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-model-"));
  const root = await testRoot();
  let runs = 0;
  const run = async (script: string): Promise<CheckedRun> => {
    const log = join(folder, `run-${(runs += 1)}.log`);
    const ended = await runSandboxed(
      {
        root,
        mounts: [
          { host: join(home, "model"), at: "/project/model", writable: false },
          { host: join(home, "contract"), at: "/project/contract", writable: false },
          { host: folder, at: "/obj", writable: true },
        ],
        environment: { ...baseEnvironment(0), NVLINK_MODEL: "/obj/nvlink-model" },
        command: ["/usr/bin/bash", "-ec", script],
        cwd: "/obj",
      },
      { log },
    );
    if (!ended.ok) throw new Error(JSON.stringify(ended.failures));
    return { status: ended.value.status, output: readFileSync(log, "utf8") };
  };
  const made = await run("make -s -j2 -C /project/model O=/obj test fuzz");
  if (made.status !== 0) throw new Error(made.output);
  return { folder, run };
}

/** What the fuzzers feed the model with, each a seeded target of model-fuzz. */
export const fuzzTargets = ["vfio", "control", "peer", "engine"] as const;
