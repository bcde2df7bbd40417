import { failed, type Result } from "../failure/result.ts";
import { outFailure } from "../release/out-failure.ts";

/** Runs what writes below a folder; an error of the file system becomes a failure, an interruption too. */
export async function publishing<T>(
  folder: string,
  work: () => Promise<Result<T>>,
  signal?: AbortSignal,
): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted === true) {
      return failed({ code: "NVLAB_INTERRUPTED", message: `interrupted while ${folder} was written` });
    }
    const failure = outFailure(error, folder);
    if (failure === undefined) throw error;
    return failed(failure);
  }
}
