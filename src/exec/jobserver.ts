import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { failed, ok } from "../failure/result.ts";
import type { Result } from "../failure/result.ts";
import type { Mount } from "./sandbox.ts";

/** Where a sandbox sees the FIFO. */
const fifoMount = "/run/jobserver";

/**
 * MAKEFLAGS of every step: a `make` started with it is a client of the FIFO and prints no warning. The number is
 * not a limit (the tokens are) but makefiles can read it, so it is the same on every machine; with 1, tools
 * that take their own thread count from it (Kbuild's pahole) stay single-threaded and so reproducible.
 */
export const jobserverMakeflags = `-j1 --jobserver-auth=fifo:${fifoMount}`;

/** A GNU make (4.4 or newer) jobserver that nvlab owns and all steps of a build share. */
export interface Jobserver {
  readonly tokens: number;
  readonly mount: Mount;
  /**
   * Takes a token for a step of nvlab's own: that step's `make` then has it as its implicit job. Gives the
   * function that puts it back, or undefined once the signal is aborted.
   */
  acquire(signal?: AbortSignal): Promise<(() => void) | undefined>;
  /** Removes the FIFO. No step may run any more. */
  close(): Promise<void>;
}

const retryMs = { first: 1, most: 16 } as const;

/**
 * A new FIFO in the given folder, holding so many tokens. One is made for each build, because tokens die with
 * a make that is killed; those are put back as soon as no step runs. Failure: NVLAB_STORE.
 */
export async function createJobserver(options: {
  readonly tokens: number;
  readonly directory: string;
}): Promise<Result<Jobserver>> {
  const path = join(options.directory, "jobserver");
  let fifo: number;
  try {
    await mkdir(options.directory, { recursive: true });
    await rm(path, { force: true });
    const made = spawnSync("mkfifo", ["-m", "600", "--", path], { encoding: "utf8" });
    if (made.error !== undefined) throw made.error;
    if (made.status !== 0) throw new Error(made.stderr.trim());
    // Both ways, so that it never reports an end; not blocking, so that no read is left pending at exit.
    fifo = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed({ code: "NVLAB_STORE", message: `Cannot make the jobserver's FIFO ${path}: ${reason}` });
  }
  const { tokens } = options;
  let held = 0;
  fill(fifo, tokens);
  const release = (): void => {
    held -= 1;
    fill(fifo, 1);
    if (held > 0) return;
    // Nobody else can hold one now: what is missing was lost with a killed make.
    while (take(fifo));
    fill(fifo, tokens);
  };
  return ok({
    tokens,
    mount: { host: path, at: fifoMount, writable: true },
    async acquire(signal) {
      for (
        let wait: number = retryMs.first;
        signal?.aborted !== true;
        wait = Math.min(wait * 2, retryMs.most)
      ) {
        if (take(fifo)) {
          held += 1;
          return once(release);
        }
        await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      }
      return undefined;
    },
    async close() {
      closeSync(fifo);
      await rm(path, { force: true });
    },
  });
}

function fill(fifo: number, count: number): void {
  writeSync(fifo, Buffer.alloc(count, "+"));
}

function take(fifo: number): boolean {
  try {
    return readSync(fifo, Buffer.alloc(1), 0, 1, null) === 1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
    throw error;
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
