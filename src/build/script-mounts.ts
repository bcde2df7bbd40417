import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Mount } from "../exec/sandbox.ts";
import type { NodeInput, ScriptNode } from "../plan/node.ts";

/** Host path of an input's file or folder. */
export type HostPathOf = (input: NodeInput) => string;

/** Where the sandbox finds the script of a node. */
export const scriptMount = "/run/step.sh";

/**
 * Everything a node's script reads and where it works, as mounts. Generated texts and the script are written
 * into the scratch folder; project files are mounted from where they lie, one by one, so that nothing else
 * of the project is seen.
 */
export function scriptMounts(
  node: ScriptNode,
  folders: { readonly scratch: string; readonly obj: string; readonly out: string },
  hostPathOf: HostPathOf,
): Mount[] {
  mkdirSync(folders.obj, { recursive: true });
  const write = (name: string, text: string): string => {
    const path = join(folders.scratch, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  return [
    ...node.inputs.map((input): Mount => ({ host: hostPathOf(input), at: input.at, writable: false })),
    ...node.files.map((file): Mount => ({
      host: file.absolute,
      at: `/project/${file.path}`,
      writable: false,
    })),
    ...Object.entries(node.texts).map(([name, text]): Mount => ({
      host: write(`generated/${name}`, text),
      at: `/generated/${name}`,
      writable: false,
    })),
    { host: write("step.sh", node.script), at: scriptMount, writable: false },
    { host: folders.obj, at: "/obj", writable: true },
    { host: folders.out, at: "/out", writable: true },
  ];
}
