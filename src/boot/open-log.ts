import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ok, type Result } from "../failure/result.ts";
import { writeFailure } from "./write-failure.ts";

/**
 * A new file at this path; its folder is made. What was there is not cut short: another boot may still be writing
 * it. An error after that ends no machine: who wants to know of it waits for the stream's end. Fails with NVLAB_OUT.
 */
export async function openLog(path: string): Promise<Result<WriteStream>> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    const stream = createWriteStream(path);
    await once(stream, "open");
    stream.on("error", () => undefined);
    return ok(stream);
  } catch (error) {
    return writeFailure(error, path);
  }
}
