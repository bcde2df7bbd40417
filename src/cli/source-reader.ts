import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { ReadSource } from "../report/failure.ts";

/** Finds a file that a failure names, relative to one of these folders or to one above them. */
export function sourceReader(folders: readonly string[]): ReadSource {
  return (file) => {
    const places = isAbsolute(file)
      ? [file]
      : folders.flatMap(withAncestors).map((folder) => join(folder, file));
    for (const place of places) {
      try {
        return readFileSync(place, "utf8");
      } catch {
        continue;
      }
    }
    return undefined;
  };
}

function withAncestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...withAncestors(above)];
}
