import { failed, ok, type Result } from "../failure/result.ts";
import { sizeOf } from "./downloads.ts";
import { openNetwork } from "./network.ts";
import { localPath } from "./place.ts";
import { inParallel } from "./pool.ts";
import type { FetchContext } from "./wanted-file.ts";

/** What asking after a file without downloading it gave. */
export interface Answer {
  /** False only where every place is certain not to have it: an unreachable place proves nothing. */
  readonly present: boolean;
  /** Bytes, where a place that has it says so. */
  readonly size?: number;
}

const manyAtOnce = 8;

/** Asks for each list of places whether one of them has the file, by HEAD requests in parallel. */
export async function askAfter(
  files: readonly (readonly string[])[],
  context: FetchContext,
): Promise<Result<Answer[]>> {
  if (context.offline && files.some((places) => places.some((place) => localPath(place) === undefined))) {
    return failed({
      code: "NVLAB_OFFLINE",
      message: "a mirror has to be asked, and the network may not be used",
      hint: "leave --offline out",
    });
  }
  const network = await openNetwork({ ...context, concurrency: manyAtOnce });
  if (!network.ok) return network;
  const ask = async (place: string): Promise<Answer & { certain: boolean }> => {
    const local = localPath(place);
    if (local !== undefined) {
      const size = await sizeOf(local);
      return size === undefined ? { present: false, certain: true } : { present: true, certain: true, size };
    }
    try {
      const { statusCode, headers, body } = await network.value.request(place, {
        method: "HEAD",
        signal: context.signal,
      });
      await body.dump();
      if (statusCode === 404 || statusCode === 410) return { present: false, certain: true };
      const length = Number(headers["content-length"] ?? NaN);
      const size = statusCode === 200 && Number.isFinite(length) ? { size: length } : {};
      return { present: statusCode === 200, certain: statusCode === 200, ...size };
    } catch {
      return { present: false, certain: false };
    }
  };
  try {
    const answers = await inParallel(files, manyAtOnce, async (places): Promise<Answer> => {
      let certain = true;
      for (const place of places) {
        const answer = await ask(place);
        if (answer.present) return answer;
        certain &&= answer.certain;
      }
      return { present: !certain };
    });
    return ok(answers);
  } finally {
    await network.value.close();
  }
}
