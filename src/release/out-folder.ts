import { join } from "node:path";

/** Where a target's images are, unless the command line says otherwise: out/<target> of the project. */
export function outFolderOf(projectDirectory: string, target: string): string {
  return join(projectDirectory, "out", target);
}
