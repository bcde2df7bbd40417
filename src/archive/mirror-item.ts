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
