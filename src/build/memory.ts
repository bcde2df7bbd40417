import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuildMemory } from "../plan/last-build.ts";

function memoryPath(cacheDir: string, project: string, target: string): string {
  const key = createHash("sha256").update(`${project}\0${target}`).digest("hex");
  return join(cacheDir, "last", `${key}.json`);
}

/** What the last build of a target in this project was made of; undefined where there was none. */
export function readMemory(cacheDir: string, project: string, target: string): BuildMemory | undefined {
  try {
    return JSON.parse(readFileSync(memoryPath(cacheDir, project, target), "utf8")) as BuildMemory;
  } catch {
    return undefined;
  }
}

export function writeMemory(cacheDir: string, project: string, target: string, memory: BuildMemory): void {
  const path = memoryPath(cacheDir, project, target);
  const temporary = `${path}.${String(process.pid)}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, JSON.stringify(memory));
  renameSync(temporary, path);
}
