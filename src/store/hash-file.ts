import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

const chunk = Buffer.allocUnsafe(1 << 20);

/** Hashes a file, pausing after each mebibyte. Another hash may run in the pause: the buffer holds nothing then. */
function* hashing(path: string): Generator<undefined, string> {
  const hash = createHash("sha256");
  const descriptor = openSync(path, "r");
  try {
    for (;;) {
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) return hash.digest("hex");
      hash.update(chunk.subarray(0, count));
      yield undefined;
    }
  } finally {
    closeSync(descriptor);
  }
}

export function sha256OfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Hexadecimal SHA-256 of a file's content. Throws system errors. */
export function sha256OfFileSync(path: string): string {
  const steps = hashing(path);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, with `turn` called in between (see `takingTurns`). */
export async function sha256OfFile(path: string, turn: () => Promise<void> | undefined): Promise<string> {
  const steps = hashing(path);
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await turn();
    }
  } finally {
    steps.return("");
  }
}
