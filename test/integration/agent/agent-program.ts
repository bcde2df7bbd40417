import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { home } from "../../support/program.ts";
import { testRoot } from "../../support/root.ts";

const libraries = "/usr/lib/x86_64-linux-gnu";

/** The guest's program, for this machine, with sanitizers that end it at the first fault. */
export interface AgentProgram {
  readonly folder: string;
  readonly agent: string;
  readonly topo: string;
  readonly lab: string;
  readonly remove: () => void;
}

/** Compiles sources of the project in the build root, into a folder that lasts until it is removed. */
async function compile(name: string, sources: string): Promise<string> {
  const root = await testRoot();
  const folder = mkdtempSync(join(tmpdir(), "nvlab-agent-"));
  // It runs outside the sandbox, where it can be talked to, with the root's own C library.
  const loader = `-Wl,--dynamic-linker=${root}${libraries}/ld-linux-x86-64.so.2 -Wl,-rpath=${root}${libraries}`;
  const flags = `-std=c11 -g -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all`;
  const script = `cd /project
gcc ${flags} ${loader} -Iguest/agent -Iguest/lab -Icontract/include -o /out/${name} ${sources}`;
  const mount = (path: string) => ({ host: join(home, path), at: `/project/${path}`, writable: false });
  const lines: string[] = [];
  const ended = await runSandboxed(
    {
      root,
      mounts: [
        ...["guest", "contract", "test/integration/agent"].map(mount),
        { host: folder, at: "/out", writable: true },
      ],
      environment: baseEnvironment(0),
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", script],
      cwd: "/out",
    },
    { log: join(folder, "log"), onLine: (line) => lines.push(line) },
  );
  expect(ended.ok ? ended.value.status : ended.failures, lines.join("\n")).toBe(0);
  return folder;
}

/** Compiles the program, with its applets as links. */
export async function buildAgentProgram(): Promise<AgentProgram> {
  const folder = await compile("nvlink", "guest/agent/*.c guest/lab/*.c");
  for (const applet of ["nvlink-agent", "nvlink-topo", "nvlink-lab"])
    symlinkSync("nvlink", join(folder, applet));
  return {
    folder,
    agent: join(folder, "nvlink-agent"),
    topo: join(folder, "nvlink-topo"),
    lab: join(folder, "nvlink-lab"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Compiles judge.c with the parts of the agent that it calls; gives the folder it is in, to be removed. */
export function buildJudge(): Promise<string> {
  return compile("judge", "test/integration/agent/judge.c guest/agent/{uevent,http-request}.c");
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], input: Buffer | string = ""): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: "utf8", timeout: 20_000 });
  return { status, stdout, stderr };
}
