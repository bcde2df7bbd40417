import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { findProjectDirectory } from "../recipe/project.ts";

/** The OpenVEX document that was asked for, or the one of the project around, where it has one. */
export function vexFile(option: string | false | undefined, directory: string): string | undefined {
  if (option === false) return undefined;
  if (option !== undefined) return resolve(directory, option);
  const project = findProjectDirectory(directory);
  const own = project.ok ? join(project.value, "security/vex.json") : undefined;
  return own !== undefined && existsSync(own) ? own : undefined;
}
