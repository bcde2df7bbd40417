import { spawn } from "node:child_process";
import type { Invocation } from "../exec/bwrap-arguments.ts";
import { lineSplitter } from "../exec/line-splitter.ts";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Emit, UntimedEvent } from "../report/event.ts";
import { RebuildAnswer } from "./rebuild-order.ts";
import type { Observations } from "./varied.ts";

export interface RebuildRun {
  readonly invocation: Invocation;
  /** Put before the names of nodes and in front of failures. */
  readonly label: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

interface Ended {
  readonly status: number | null;
  readonly stderr: string;
  readonly last: string;
}

/** Starts the nvlab that rebuilds, passes its events on, and waits until nothing of it is left. */
export async function runRebuild(run: RebuildRun): Promise<Result<Observations>> {
  const { label, emit, signal } = run;
  const ended = await supervise(run.invocation, signal, (line) => {
    const event = eventOf(line, label);
    if (event) emit(event);
  });
  if (signal.aborted)
    return failed({
      code: "NVLAB_INTERRUPTED",
      message: "the rebuild was interrupted; nothing of it is kept",
    });
  const answer = parse(ended.last) as
    { ok?: boolean; data?: unknown; failures?: readonly Failure[] } | undefined;
  if (answer?.ok === false) return failed(...(answer.failures ?? []).map((failure) => named(failure, label)));
  const read = RebuildAnswer.safeParse(answer?.data);
  if (ended.status === 0 && read.success) {
    const { outside, inside } = read.data.observed;
    return ok({ outside: outside, inside: inside });
  }
  return failed({
    code: "NVLAB_REPRODUCE",
    message: `the ${label} rebuild could not be run (status ${String(ended.status)})`,
    details: ended.stderr.trimEnd().split("\n").slice(-8),
    hint: "leave single variations out with --vary to find the one that this machine cannot do",
  });
}

/** Whether a command can be started and ends well; what it printed. */
export async function tryCommand(invocation: Invocation, signal: AbortSignal): Promise<string | undefined> {
  const ended = await supervise(invocation, signal, () => undefined);
  return ended.status === 0 ? ended.last : undefined;
}

/** Each process that is started here dies with the one that started it (bwrap --die-with-parent), and so with this one. */
async function supervise(
  { file, args }: Invocation,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<Ended> {
  const child = spawn(file, [...args], {
    // Not in the terminal's group: Ctrl-C reaches it through the signal alone, once.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {},
    cwd: "/",
  });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  let [last, stderr] = ["", ""];
  const lines = lineSplitter((line) => {
    last = line;
    onLine(line);
  });
  child.stdout.on("data", (chunk: Buffer) => lines.write(chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString("utf8")).slice(-20_000)));
  const status = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      stderr += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  lines.end();
  signal.removeEventListener("abort", kill);
  return { status, stderr, last };
}

function eventOf(line: string, label: string): UntimedEvent | undefined {
  const event = parse(line) as UntimedEvent | undefined;
  if (event === undefined) return undefined;
  const name = (text: string): string => `${label}: ${text}`;
  switch (event.type) {
    case "plan":
      return {
        ...event,
        target: name(event.target),
        nodes: event.nodes.map(({ id, component }) => ({ id: name(id), component: name(component) })),
      };
    case "node-started":
    case "node-finished":
      return { ...event, node: name(event.node), component: name(event.component) };
    case "node-output":
      return { ...event, node: name(event.node) };
    case "notice":
      return event;
    case "download-started":
    case "download-progress":
    case "download-retried":
    case "download-finished":
    case "root-started":
    case "root-progress":
    case "root-finished":
      return undefined;
  }
}

function parse(line: string): unknown {
  try {
    return line.startsWith("{") ? JSON.parse(line) : undefined;
  } catch {
    return undefined;
  }
}

function named(failure: Failure, label: string): Failure {
  return { ...failure, message: `in the ${label} rebuild: ${failure.message}` };
}
