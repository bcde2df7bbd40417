import { closeSync, openSync, readSync } from "node:fs";
import type { ReadAt } from "./read-elf.ts";

/** Lets `use` read a file in pieces; undefined where it cannot be read. */
export function withFileReader<T>(path: string, use: (readAt: ReadAt) => T | undefined): T | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    return use((offset, length) => {
      const buffer = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(file, buffer, filled, length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return buffer.subarray(0, filled);
    });
  } finally {
    closeSync(file);
  }
}
