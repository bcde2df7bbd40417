import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { Invocation } from "./bwrap-arguments.ts";
import { sealedStdio } from "./inherited-descriptors.ts";

/** Descriptor on which bwrap tells how the command ended. */
export const statusFd = 3;

export interface Supervision {
  readonly onOutput: (chunk: Buffer, kill: () => void) => void;
  readonly signal?: AbortSignal;
}

export interface Ended {
  /** As a shell gives it; undefined where the command never started. */
  readonly status: number | undefined;
  /** What bwrap itself said. */
  readonly stderr: string;
  /** Error code of the spawn. */
  readonly spawnError?: string;
}

/** Spawns bwrap in a process group of its own and returns when nothing of it is left. */
export async function superviseSandbox(invocation: Invocation, supervision: Supervision): Promise<Ended> {
  const { signal } = supervision;
  const { stdio, close } = sealedStdio(["ignore", "pipe", "pipe", "pipe"]);
  const child = spawn(invocation.file, invocation.args, { detached: true, env: {}, cwd: "/", stdio });
  close();
  let killed = false;
  const stderr = gather(child.stderr);
  const report = gather(child.stdio[statusFd], () => {
    if (killed) kill();
  });
  const kill = (): void => {
    killed = true;
    killSandbox(child, report());
  };
  child.stdout?.on("data", (chunk: Buffer) => supervision.onOutput(chunk, kill));
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted === true) kill();
  try {
    return endOf(await closed(child), report(), stderr());
  } finally {
    signal?.removeEventListener("abort", kill);
  }
}

interface Closed {
  readonly code: number | null;
  readonly error?: NodeJS.ErrnoException;
}

/** "close" comes when every holder of the pipes is gone, so after the last process of the sandbox. */
function closed(child: ChildProcess): Promise<Closed> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, error }));
    child.once("close", (code) => resolve({ code }));
  });
}

const killedStatus = 137;

function endOf({ code, error }: Closed, report: string, stderr: string): Ended {
  if (error !== undefined) {
    const { code: spawnError = error.message } = error;
    return { status: undefined, stderr, spawnError };
  }
  if (code === null) return { status: killedStatus, stderr };
  return { status: report.includes('"exit-code"') ? code : undefined, stderr };
}

/**
 * Kills the first process of the namespace, which takes all others with it, and the group that holds bwrap. The
 * first one leaves the group before it asks to die with its parent; before that its id was in the report, which
 * may still be on its way here: so this is done again when the report comes.
 */
function killSandbox(child: ChildProcess, report: string): void {
  const first = /"child-pid": *(\d+)/.exec(report)?.[1];
  for (const id of [first === undefined ? undefined : Number(first), child.pid && -child.pid]) {
    if (id === undefined) continue;
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It ended by itself in this moment.
    }
  }
}

function gather(stream: unknown, onData?: () => void): () => string {
  const chunks: Buffer[] = [];
  (stream as Readable).on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    onData?.();
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
