import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";

export class TooManyBytes extends Error {}

/**
 * Writes a body to a file, from an offset on; whatever was behind the offset is dropped.
 * @param limit bytes that the whole file may have; one more ends it with TooManyBytes
 * @param progress called with the bytes of the whole file so far
 */
export async function receive(
  body: Readable,
  path: string,
  from: number,
  limit: number,
  signal: AbortSignal,
  progress: (received: number) => void,
): Promise<void> {
  let received = from;
  await pipeline(
    body,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        received += chunk.length;
        if (received > limit) throw new TooManyBytes();
        yield chunk;
        progress(received);
      }
    },
    createWriteStream(path, from === 0 ? { flags: "w" } : { flags: "r+", start: from }),
    { signal },
  );
}
