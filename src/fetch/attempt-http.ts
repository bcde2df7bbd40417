import type { Attempt } from "./attempt.ts";
import { diskFailure, errorCode } from "./disk-failure.ts";
import { sizeOf } from "./downloads.ts";
import type { Network } from "./network.ts";
import { redact } from "./place.ts";
import { receive, TooManyBytes } from "./receive.ts";

const worthAnotherTry = new Set([408, 425, 429, 500, 502, 503, 504]);

/** First byte and full length that a 206 answer declares. */
export function parseContentRange(value: unknown): { start: number; total: number | undefined } | undefined {
  const match = typeof value === "string" ? /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(value) : null;
  if (match === null) return undefined;
  return { start: Number(match[1]), total: match[2] === "*" ? undefined : Number(match[2]) };
}

function judgeStatus(status: number): Attempt | undefined {
  if (status === 200 || status === 206) return undefined;
  const reason = `answers ${status}`;
  if (status === 404 || status === 410) return { type: "absent", reason };
  return { type: worthAnotherTry.has(status) ? "interrupted" : "refused", reason };
}

function reasonOf(error: unknown): string {
  switch (errorCode(error)) {
    case "UND_ERR_BODY_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
      return "stalled: no byte for too long";
    case "UND_ERR_CONNECT_TIMEOUT":
      return "no connection in time";
    case "UND_ERR_SOCKET":
      return "the connection closed before the end";
    default:
      return redact(error instanceof Error ? error.message || errorCode(error) : String(error));
  }
}

/**
 * Asks a place for what is missing of a file. No If-Range: the pieces may come from several servers whose
 * ETags say nothing to each other; the digest of the whole decides, and a wrong one starts over.
 */
export async function attemptHttp(
  network: Network,
  url: string,
  partial: string,
  size: number | undefined,
  signal: AbortSignal,
  progress: (received: number) => void,
): Promise<Attempt> {
  const have = size === undefined ? 0 : ((await sizeOf(partial)) ?? 0);
  if (size !== undefined && have === size) return { type: "received", resumed: true };
  const from = size !== undefined && have < size ? have : 0;
  try {
    const headers = from > 0 ? { range: `bytes=${from}-` } : {};
    const answer = await network.request(url, { method: "GET", headers, signal });
    const give = async (attempt: Attempt): Promise<Attempt> => {
      answer.body.on("error", () => undefined);
      await answer.body.dump({ limit: 64 * 1024, signal }).catch(() => undefined);
      answer.body.destroy();
      return attempt;
    };
    if (answer.statusCode === 416) {
      return await give({ type: "wrong", reason: `has no byte ${from}, of ${size ?? 0}` });
    }
    const judged = judgeStatus(answer.statusCode);
    if (judged !== undefined) return await give(judged);

    const range = answer.statusCode === 206 ? parseContentRange(answer.headers["content-range"]) : undefined;
    if (answer.statusCode === 206 && range?.start !== from) {
      return await give({ type: "refused", reason: "answers with another range than asked for" });
    }
    const start = range?.start ?? 0;
    const length = Number(answer.headers["content-length"] ?? NaN);
    const total = range?.total ?? (Number.isFinite(length) ? start + length : undefined);
    if (size !== undefined && total !== undefined && total !== size) {
      return await give({ type: "wrong", reason: `has ${total} bytes, not ${size}` });
    }
    await receive(answer.body, partial, start, size ?? Infinity, signal, progress);
    const received = (await sizeOf(partial)) ?? 0;
    if (size !== undefined && received < size) {
      return { type: "interrupted", reason: `ended after ${received} of ${size} bytes` };
    }
    return { type: "received", resumed: start > 0 };
  } catch (error) {
    if (error instanceof TooManyBytes) return { type: "wrong", reason: `sends more than ${size ?? 0} bytes` };
    if (signal.aborted || diskFailure(error, "") !== undefined) throw error;
    return { type: "interrupted", reason: reasonOf(error) };
  }
}
