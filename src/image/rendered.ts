/** A step that makes an image, as bash for the sandbox. */
export interface RenderedImage {
  readonly script: string;
  /** Generated files by name, seen at /generated/<name>. */
  readonly texts: Readonly<Record<string, string>>;
  /** Project files and folders, seen at /project/<path>. */
  readonly projectPaths: readonly string[];
  /** Outputs of components (component/path) and names of images, seen at /in/<reference>. */
  readonly references: readonly string[];
  /** Paths below /out. */
  readonly outputs: readonly string[];
  readonly deviceTree?: RenderedTree;
}

/** What a device tree is checked for when it is made. */
export interface RenderedTree {
  /** The contract that the step says it keeps. */
  readonly contract: "nvlink-fusion" | undefined;
  /** Project files that it was made from, base first. */
  readonly sources: readonly string[];
}

/** Where an output reference is seen. */
export function inputPath(reference: string): string {
  return `/in/${reference}`;
}

/** Where a project file or folder is seen. */
export function projectPath(path: string): string {
  return `/project/${path}`;
}

/** A flat file name for a generated text that belongs to an image or to a path in the guest. */
export function textName(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join(".");
}

/** Sorted by bytes, each once. */
export function unique(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}
