import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseEnvironment } from "../exec/base-environment.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { SandboxVariation } from "../exec/sandbox.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { carriers } from "./inside.ts";
import { parseObservation, type Observation } from "./observation.ts";

export interface InsideProbe {
  /** Host path of the build root. */
  readonly root: string;
  readonly variation?: SandboxVariation;
  /** Folder with some files, for the order in which they are read. */
  readonly folder: string;
  /** Folder that this may write to. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** The locale that is varied to sorts z before t; ls -U gives names as they are read. */
const script = `stack() { sed -n '/\\[stack\\]/s/ .*//p' /proc/self/maps; }
echo "environment=$(env | sed 's/=.*//' | LC_ALL=C sort | grep -vxE '${[...carriers, "_", "SHLVL", "PWD", "OLDPWD"].join("|")}' | tr '\\n' ' ')"
echo "build_path=$(pwd -P)"
echo "kernel=$(uname -r)"
if [ "$(stack)" = "$(stack)" ]; then echo "aslr=fixed addresses"; else echo "aslr=random addresses"; fi
echo "num_cpus=$(nproc)"
echo "time=$(date +%s)"
echo "user_group=$(id -u):$(id -g)"
echo "fileordering=$(ls -U /in/probe | tr '\\n' ' ')"
echo "domain_host=$(uname -n)"
echo "home=$HOME"
echo "locales=sorts $(printf 't\\nz\\n' | sort | tr '\\n' ' ')"
echo "exec_path=$PATH"
echo "timezone=$(date +%z)"
echo "umask=$(umask)"
`;

/** What a step in a sandbox sees of each condition. */
export async function probeInside(probe: InsideProbe): Promise<Result<Observation>> {
  const { root, variation, folder, scratch, signal } = probe;
  const obj = join(scratch, "obj");
  const log = join(scratch, "probe.log");
  mkdirSync(obj, { recursive: true });
  writeFileSync(log, "");
  const ended = await runSandboxed(
    {
      root,
      mounts: [
        { host: folder, at: "/in/probe", writable: false },
        { host: obj, at: "/obj", writable: true },
      ],
      environment: baseEnvironment(0),
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", script],
      cwd: "/obj",
      ...(variation && { variation }),
    },
    { log, signal },
  );
  if (!ended.ok) return ended;
  const text = readFileSync(log, "utf8");
  if (ended.value.status === 0) return ok(parseObservation(text));
  return failed({
    code: "NVLAB_REPRODUCE",
    message: `the probe of the varied sandbox ended with status ${String(ended.value.status)}`,
    details: text.trimEnd().split("\n").slice(-5),
  });
}

/** Files whose order tells one file system, or one way of reading, from another. */
export function makeProbeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < 24; index += 1) writeFileSync(join(folder, `file-${String(index)}`), "");
}
