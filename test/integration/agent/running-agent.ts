import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../../support/project.ts";
import type { AgentProgram } from "./agent-program.ts";
import { fakeSysfs, type FakeController } from "./fake-sysfs.ts";

/** An agent at work on a made machine; its standard input takes the place of the kernel's uevents. */
export interface RunningAgent {
  readonly sysfs: string;
  readonly out: string;
  readonly port: number;
  readonly args: readonly string[];
  readonly said: () => string;
  readonly send: (message: string | Buffer) => void;
  /** No uevents will come any more. */
  readonly close: () => void;
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits for something to become true, at most ten seconds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ten seconds: ${what}`);
    await pause(5);
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", resolve));
}

/** A message as the kernel sends it. */
export function uevent(action: string, path: string, subsystem = "nvlink"): string {
  return `${action}@${path}\0ACTION=${action}\0DEVPATH=${path}\0SUBSYSTEM=${subsystem}\0SEQNUM=1\0`;
}

/** Starts an agent; it is ended with the test. */
export async function startAgent(
  program: AgentProgram,
  controllers: readonly FakeController[],
  more: readonly string[] = [],
): Promise<RunningAgent> {
  const folder = temporaryFolder();
  const [sysfs, out] = [join(folder, "sys"), join(folder, "run")];
  const port = await freePort();
  const places = ["--sysfs", sysfs, "--run", out, "--features", join(folder, "features.d")];
  const args = [...places, "--listen", `127.0.0.1:${port}`, ...more];
  fakeSysfs(sysfs, controllers);
  const child = spawn(program.agent, [...args, "--uevents", "0"], { stdio: ["pipe", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stdin.on("error", (error) => (text += String(error)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended(child);
  });
  await until("files written", () => existsSync(join(out, "nvlink-topology.json")));
  return {
    sysfs,
    out,
    port,
    args,
    said: () => text,
    send: (message) => child.stdin.write(message),
    close: () => child.stdin.end(),
    end: (signal) => {
      child.kill(signal);
      return ended(child);
    },
  };
}
