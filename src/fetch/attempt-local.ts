import { createReadStream } from "node:fs";
import type { Attempt } from "./attempt.ts";
import { errorCode } from "./disk-failure.ts";
import { sizeOf } from "./downloads.ts";
import { receive } from "./receive.ts";

/** Copies from a folder of this host, as from a mirror on a disk. */
export async function attemptLocal(
  from: string,
  partial: string,
  size: number | undefined,
  signal: AbortSignal,
  progress: (received: number) => void,
): Promise<Attempt> {
  const found = await sizeOf(from);
  if (found === undefined) return { type: "absent", reason: "no such file" };
  if (size !== undefined && found !== size) {
    return { type: "wrong", reason: `has ${found} bytes, not ${size}` };
  }
  try {
    await receive(createReadStream(from), partial, 0, found, signal, progress);
    return { type: "received", resumed: false };
  } catch (error) {
    const unreadable = error instanceof Error && "path" in error && error.path === from;
    if (unreadable) return { type: "refused", reason: `cannot be read (${errorCode(error)})` };
    throw error;
  }
}
