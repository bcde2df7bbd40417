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
  readonly signing?: RenderedSigning;
}

/** How an image is signed. */
interface RenderedSigning {
  /** Name of the key; its private half is seen at {@link privateKeyPath}. */
  readonly key: string;
  /** U-Boot's name, as in sha256,rsa2048. */
  readonly algorithm: string;
  /** Hexadecimal SHA-256 of the DER SubjectPublicKeyInfo. */
  readonly sha256: string;
  /** The key was made by nvlab itself. */
  readonly development: boolean;
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

/** Where a step that signs sees its private key, and no other step. */
export const keyFolder = "/keys";

export function privateKeyPath(key: string): string {
  return `${keyFolder}/${key}.key`;
}

/** A flat file name for a generated text that belongs to an image or to a path in the guest. */
export function textName(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join(".");
}

/** Sorted by bytes, each once. */
export function unique(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}
