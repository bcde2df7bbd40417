import { setTimeout as sleep } from "node:timers/promises";
import { readHostLimits } from "../exec/host-limits.ts";
import { explainFailedStart } from "../exec/sandbox-failure.ts";
import type { Ended } from "../exec/sandbox-process.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { connectTo } from "../lab/control-socket.ts";
import { machineStopped } from "./interrupted.ts";
import { openLog } from "./open-log.ts";
import { superviseMachine, type Supervise } from "./supervise-machine.ts";

/** The program behind one controller, and how to know that it is there. */
export interface ModelStart {
  /** For sentences, as in nvlink0, or nvlink0 of machine b. */
  readonly name: string;
  readonly run: SandboxRun;
  /** Host path of its control socket, which it opens when it is ready. */
  readonly control: string;
  /** Host file for what it prints; replaced. */
  readonly log: string;
}

export interface ModelsOptions {
  readonly signal?: AbortSignal;
  readonly supervise?: Supervise;
  /** How long a model may take until it is ready. */
  readonly startMs?: number;
}

/** What came of the work, and which models died meanwhile of something else than being asked to. */
export interface BesideModels<T> {
  readonly value: T;
  readonly died: readonly Failure[];
}

/** Lines of a model that a failure shows. */
const shownLines = 15;

/**
 * Starts models and does the work while they run; then they are ended, however the work went. Fails with NVLAB_MODEL
 * where one does not become ready, NVLAB_SANDBOX, NVLAB_OUT, NVLAB_INTERRUPTED, or as the work does: then also with
 * what the models died of, which may be why.
 */
export async function withModels<T>(
  starts: readonly ModelStart[],
  options: ModelsOptions,
  work: () => Promise<Result<T>>,
): Promise<Result<BesideModels<T>>> {
  const stop = new AbortController();
  const models: RunningModel[] = [];
  try {
    for (const start of starts) {
      const started = await startModel(start, stop.signal, options);
      if (!started.ok) return started;
      models.push(started.value);
    }
    const unready = await Promise.all(models.map((model) => waitFor(model, options)));
    const failures = unready.filter((failure) => failure !== undefined);
    if (failures.length > 0) return failed(...failures);
    const result = await work();
    const died = models.flatMap(({ start, end, tail }) =>
      end === undefined || end.status === 0 ? [] : [death(start, end, tail())],
    );
    if (result.ok) return ok({ value: result.value, died });
    // Ctrl-C reaches the models too.
    if (result.failures.some(({ code }) => code === "NVLAB_INTERRUPTED")) return result;
    return failed(...result.failures, ...died);
  } finally {
    stop.abort();
    await Promise.all(models.map(({ ended }) => ended));
  }
}

interface RunningModel {
  readonly start: ModelStart;
  /** Set once it has ended. */
  end: Ended | undefined;
  readonly ended: Promise<void>;
  readonly tail: () => string[];
}

async function startModel(
  start: ModelStart,
  signal: AbortSignal,
  { supervise = superviseMachine }: ModelsOptions,
): Promise<Result<RunningModel>> {
  const log = await openLog(start.log);
  if (!log.ok) return log;
  let last = "";
  const keep = (chunk: Buffer): void => {
    log.value.write(chunk);
    last = (last + chunk.toString("utf8")).slice(-4096);
  };
  const ended = supervise(start.run, keep, signal).then((end) => {
    model.end = end;
    log.value.end();
  });
  // Waited for only in the end; until then it must not count as unhandled.
  ended.catch(() => undefined);
  const model: RunningModel = {
    start,
    end: undefined,
    ended,
    tail: () => last.trimEnd().split("\n").slice(-shownLines),
  };
  return ok(model);
}

/** Undefined once the model is ready. */
async function waitFor(model: RunningModel, options: ModelsOptions): Promise<Failure | undefined> {
  const { start } = model;
  const { startMs = 10_000, signal } = options;
  const begin = performance.now();
  for (;;) {
    if (signal?.aborted === true) return machineStopped;
    if (model.end !== undefined) {
      if (model.end.status !== undefined) return death(start, model.end, model.tail());
      return explainFailedStart({ root: start.run.root, ...model.end }, await readHostLimits());
    }
    if (await accepts(start.control)) return undefined;
    if (performance.now() - begin > startMs) {
      return {
        code: "NVLAB_MODEL",
        message: `The model of ${start.name} was not ready after ${startMs / 1000} s.`,
        hint: "nvlab boot --print shows its command to try by hand.",
        details: [...model.tail(), `Its log: ${start.log}`],
      };
    }
    await sleep(10);
  }
}

async function accepts(socket: string): Promise<boolean> {
  try {
    (await connectTo(socket)).destroy();
    return true;
  } catch {
    return false;
  }
}

function death({ name, log }: ModelStart, { status, stderr }: Ended, tail: readonly string[]): Failure {
  const how =
    status !== undefined && status > 128
      ? `was killed by signal ${status - 128}`
      : `ended with status ${String(status)}`;
  return {
    code: "NVLAB_MODEL",
    message: `The model of ${name} ${how}.`,
    hint: "The machine sees a controller that is gone. nvlab boot --print shows the model's command.",
    details: [...tail, ...(stderr === "" ? [] : [stderr.trim()]), `Its log: ${log}`].filter(
      (line) => line !== "",
    ),
  };
}
