import type { InitramfsEntry } from "../recipe/schema/image.ts";
import { inputPath, projectPath, textName } from "./rendered.ts";

/** A folder whose content is listed when the step runs. */
export interface InitramfsTree {
  /** Folder in the sandbox. */
  readonly from: string;
  /** Folder in the guest. */
  readonly to: string;
}

export interface InitramfsList {
  /** Lines for gen_init_cpio, sorted by path, parents before what is in them. */
  readonly lines: readonly string[];
  readonly trees: readonly InitramfsTree[];
  readonly texts: Readonly<Record<string, string>>;
  readonly projectPaths: readonly string[];
  readonly references: readonly string[];
}

/** The guest path of an entry, without doubled or trailing slashes. */
export function guestPath(entry: InitramfsEntry): string {
  const path =
    "dir" in entry
      ? entry.dir
      : "file" in entry
        ? entry.file
        : "tree" in entry
          ? entry.tree
          : "link" in entry
            ? entry.link
            : entry.node;
  return `/${path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/")}`;
}

/** All folders above a guest path, without the root itself. */
export function parentsOf(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

/**
 * The declared entries in the format of the kernel's gen_init_cpio (usr/gen_init_cpio.c), with the folders
 * that they need and do not name. `image` names the generated texts.
 */
export function initramfsList(image: string, entries: readonly InitramfsEntry[]): InitramfsList {
  const lines = new Map<string, string>();
  const trees: InitramfsTree[] = [];
  const texts: Record<string, string> = {};
  const projectPaths: string[] = [];
  const references: string[] = [];

  const origin = (entry: { from?: string | undefined; output?: string | undefined }): string => {
    if (entry.from !== undefined) {
      projectPaths.push(entry.from);
      return projectPath(entry.from);
    }
    const reference = entry.output ?? "";
    references.push(reference);
    return inputPath(reference);
  };

  for (const entry of entries) {
    const path = guestPath(entry);
    if ("tree" in entry) {
      trees.push({ from: origin(entry), to: path });
    } else if ("dir" in entry) {
      lines.set(path, `dir ${path} ${entry.mode} ${entry.uid} ${entry.gid}`);
    } else if ("link" in entry) {
      lines.set(path, `slink ${path} ${entry.to} 0777 0 0`);
    } else if ("node" in entry) {
      lines.set(path, `nod ${path} ${entry.mode} 0 0 ${entry.type} ${entry.major} ${entry.minor}`);
    } else {
      let place: string;
      if ("text" in entry) {
        const name = textName(image, path);
        texts[name] = entry.text;
        place = `/generated/${name}`;
      } else {
        place = origin(entry);
      }
      lines.set(path, `file ${path} ${place} ${entry.mode} ${entry.uid} ${entry.gid}`);
    }
  }

  for (const path of [...lines.keys(), ...trees.flatMap((tree) => [tree.to, `${tree.to}/x`])].flatMap(
    parentsOf,
  )) {
    if (!lines.has(path) && path !== "/") lines.set(path, `dir ${path} 0755 0 0`);
  }
  lines.delete("/");
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return { lines: sorted, trees, texts, projectPaths, references };
}
