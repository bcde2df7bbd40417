import { closeSync, openSync, writeSync } from "node:fs";
import type { Failure } from "../failure/failure.ts";
import { failed, ok } from "../failure/result.ts";
import type { Result } from "../failure/result.ts";

/**
 * The file that keeps what a step prints. Written synchronously: the page cache takes it at once, nothing has
 * to be waited for at the end, and a kill of nvlab loses nothing.
 */
export interface StepLog {
  /** The first fault that writing met; nothing is written after it. */
  readonly failure: Failure | undefined;
  write(chunk: Buffer): void;
  close(): void;
}

export type WriteSome = (file: number, chunk: Buffer, from: number) => number;

/** Failures: NVLAB_DISK_FULL, NVLAB_STORE. */
export function openStepLog(path: string, writeSome: WriteSome = writeSync): Result<StepLog> {
  let file: number;
  try {
    file = openSync(path, "a");
  } catch (error) {
    return failed(logFailure(path, error));
  }
  let failure: Failure | undefined;
  return ok({
    get failure() {
      return failure;
    },
    write(chunk) {
      try {
        for (let done = 0; done < chunk.length && failure === undefined;)
          done += writeSome(file, chunk, done);
      } catch (error) {
        failure = logFailure(path, error);
      }
    },
    close: () => closeSync(file),
  });
}

/** What a fault of writing beside the log, or the log itself, means to a person. */
export function logFailure(path: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT"
    ? {
        code: "NVLAB_DISK_FULL",
        message: `The disk is full: cannot write ${path}`,
        hint: "`nvlab gc` frees space",
      }
    : { code: "NVLAB_STORE", message: `Cannot write the log ${path}: ${message}` };
}
