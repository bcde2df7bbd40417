/** A file of a project (patch, fragment, device tree source, guest file), hashed when it was looked up. */
export interface InputFile {
  /** Relative to its layer, with forward slashes: how people and the sandbox know it. */
  readonly path: string;
  /** Where it lies on this host. Never part of a fingerprint. */
  readonly absolute: string;
  /** Hexadecimal SHA-256 of the content. */
  readonly sha256: string;
  readonly executable: boolean;
}
