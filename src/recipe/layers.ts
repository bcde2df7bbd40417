import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, type Stats } from "node:fs";
import { join, relative } from "node:path";
import type { InputFile } from "./input-file.ts";

/**
 * The folders that recipes and their files come from, lowest first: what is shipped with nvlab, then the
 * project. A path is looked up from the top, so a project's file hides a shipped one of the same path.
 */
export class Layers {
  readonly #hashed = new Map<string, InputFile>();

  constructor(
    /** Absolute folders, lowest first. */
    readonly directories: readonly string[],
    /** Folder that people's paths are relative to. */
    readonly projectDir: string,
  ) {}

  /** How a person knows the file: relative to the project, or absolute where it lies outside. */
  shown(absolute: string): string {
    const path = relative(this.projectDir, absolute);
    return path.startsWith("..") ? absolute : path;
  }

  /** A file of the topmost layer that has it. */
  file(path: string): InputFile | undefined {
    for (const directory of [...this.directories].reverse()) {
      const absolute = join(directory, path);
      const stat = statOf(absolute);
      if (stat?.isFile() === true) return this.#hash(path, absolute, (stat.mode & 0o100) !== 0);
    }
    return undefined;
  }

  /** Text of a file, as {@link file} finds it. */
  text(path: string): string | undefined {
    const file = this.file(path);
    return file && readFileSync(file.absolute, "utf8");
  }

  /** All files below a folder, of all layers together, sorted by path; none where no layer has the folder. */
  tree(path: string): InputFile[] | undefined {
    const names = new Set<string>();
    let found = false;
    for (const directory of this.directories) {
      const root = join(directory, path);
      if (statOf(root)?.isDirectory() !== true) continue;
      found = true;
      for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
        if (entry.isFile() || entry.isSymbolicLink())
          names.add(join(path, relative(root, join(entry.parentPath, entry.name))));
      }
    }
    if (!found) return undefined;
    return [...names].sort(compareBytes).flatMap((name) => this.file(name) ?? []);
  }

  /** YAML files directly in a folder, of every layer, lowest layer first. */
  documents(folder: string): { absolute: string; stem: string; layer: number }[] {
    return this.directories.flatMap((directory, layer) => {
      const root = join(directory, folder);
      if (statOf(root)?.isDirectory() !== true) return [];
      return readdirSync(root)
        .filter((name) => name.endsWith(".yaml") && !name.startsWith("."))
        .sort(compareBytes)
        .map((name) => ({ absolute: join(root, name), stem: name.slice(0, -".yaml".length), layer }));
    });
  }

  #hash(path: string, absolute: string, executable: boolean): InputFile {
    const before = this.#hashed.get(absolute);
    if (before) return before;
    const sha256 = createHash("sha256").update(readFileSync(absolute)).digest("hex");
    const file = { path, absolute, sha256, executable };
    this.#hashed.set(absolute, file);
    return file;
  }
}

/** Also none where a file is in the place of a folder on the way, which `throwIfNoEntry` does not cover. */
function statOf(absolute: string): Stats | undefined {
  try {
    return statSync(absolute, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR" || code === "ELOOP" || code === "ENAMETOOLONG") return undefined;
    throw error;
  }
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
