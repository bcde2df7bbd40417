import type { MirrorKind } from "../fetch/mirror-index.ts";
import type { WantedFile } from "../fetch/wanted-file.ts";
import type { LockedGit } from "../lock/lock.ts";
import type { NpmPackage } from "./npm-packages.ts";

/** Where the bytes of a file of a mirror come from. */
export type Origin =
  | { readonly type: "file"; readonly wanted: WantedFile }
  | { readonly type: "git"; readonly locked: LockedGit }
  | { readonly type: "npm"; readonly npm: NpmPackage }
  | { readonly type: "text"; readonly text: string };

/** A file that a mirror is to hold. */
export interface MirrorItem {
  /** Below the mirror's folder. */
  readonly path: string;
  readonly kind: MirrorKind;
  /** Who asks for it, as people name it: "source linux/main", "root build". */
  readonly for: readonly string[];
  readonly origin: Origin;
}

/** Where the bytes of an item are now: a file of this host, or a text. */
export interface Obtained {
  readonly from: string;
  readonly text?: { readonly content: string; readonly size: number; readonly sha256: string };
  /** Whether the file may be had by a hard link: it belongs to nvlab, and nobody writes to it again. */
  readonly share: boolean;
}

/** Puts an item in its place; false where the bytes are not those that were asked for. */
export type Place = (item: MirrorItem, obtained: Obtained) => Promise<boolean>;
