/** A file of a bundle: what it is copied from, or what is written into it. */
export type BundleFile = {
  /** Below the bundle's folder. */
  readonly path: string;
  readonly executable?: boolean;
} & (
  | { readonly from: string; /** Hexadecimal, where it is known before. */ readonly sha256?: string }
  | { readonly content: Buffer | string }
);

/** Only plain characters in each part of a path, and no part that leads anywhere else. */
export function plainPath(path: string): string {
  return path
    .split("/")
    .map((part) => part.replace(/[^A-Za-z0-9@_+~.-]/g, "_").replace(/^(?:\.+)?$/, "_"))
    .join("/");
}
