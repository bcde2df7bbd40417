import { spawn } from "node:child_process";
import type { Environment } from "./wanted-file.ts";

export interface Finished {
  /** Exit status; 127 where the command is not there, 128 + n after signal n. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment: Environment;
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs a tool of the host to its end. Never fails by itself: the caller judges the status. */
export function runCommand(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(command, [...args], {
      env: { ...options.environment, LC_ALL: "C" },
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own: an interrupt ends the whole pipeline and not only its first process.
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const stop = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const finish = (status: number, note = ""): void => {
      options.signal?.removeEventListener("abort", stop);
      done({
        status,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString() + note,
      });
    };
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (error) => {
      finish(127, error.message);
    });
    child.on("close", (status, signal) => {
      finish(status ?? (signal === null ? 1 : 137));
    });
    // A tool that ends without reading its input is no fault.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    if (options.signal?.aborted === true) stop();
    options.signal?.addEventListener("abort", stop, { once: true });
  });
}
