import type { ArtifactKind } from "../recipe/schema/target.ts";

/** A source of a component as it was locked, or the local tree that stood in for it. Digests are hexadecimal. */
export type SourceFacts =
  | {
      readonly type: "archive";
      /** Name in the recipe: "main" or another. */
      readonly name: string;
      /** Which of the recipe's variants, counted from 0. */
      readonly variant: number;
      readonly file: string;
      readonly sha256: string;
      /** Declared places: URLs, and paths below a Debian mirror as in pool/main/o/opensbi/… */
      readonly places: readonly string[];
    }
  | {
      readonly type: "git";
      readonly name: string;
      readonly url: string;
      readonly commit: string;
      /** Digest over names, modes and contents of the tree. */
      readonly sha256: string;
    }
  | { readonly type: "local"; readonly name: string; readonly sha256: string };

/** A project file that changed a source tree: a patch, or a file laid over it. */
export interface ChangeFacts {
  /** Path in the project for a patch, place in the source tree for an overlay file. */
  readonly path: string;
  readonly sha256: string;
}

export interface ComponentFacts {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly cpe?: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly sources: readonly SourceFacts[];
  /** In the order in which they were applied. */
  readonly patches: readonly ChangeFacts[];
  readonly overlay: readonly ChangeFacts[];
}

/** A Debian package of a root: what LockedPackage of the lock has, and maybe more. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly suite: string;
}

/** A contract between firmware and kernel that was kept. */
export interface ContractFacts {
  readonly name: string;
  /** "major.minor" */
  readonly version: string;
  /** Hexadecimal SHA-256 of its YAML. */
  readonly sha256: string;
}

/** An image with a signature that the boot loader verifies. */
interface SigningFacts {
  readonly image: string;
  /** As U-Boot calls it: sha256,rsa2048. */
  readonly algorithm: string;
  /** Hexadecimal SHA-256 of the public key's DER SubjectPublicKeyInfo. */
  readonly sha256: string;
  /** The key was made by nvlab itself: no release is signed with it. */
  readonly development: boolean;
}

/** What a manifest says apart from its artifacts. Nothing here may depend on time, host or path. */
export interface ReleaseFacts {
  readonly project: {
    readonly name: string;
    /** Full commit id, or null where the project is not in git. */
    readonly commit: string | null;
    readonly dirty: boolean;
  };
  /** SemVer. */
  readonly releaseVersion: string;
  readonly target: string;
  /** SOURCE_DATE_EPOCH of the build, from the lock, in seconds. */
  readonly epoch: number;
  /** Hexadecimal SHA-256 of the lock. */
  readonly lock: string;
  readonly toolchain: {
    /** Digest of the root in which the steps ran. */
    readonly root: string;
    readonly packages: number;
    readonly compiler: PackageFacts;
    readonly binutils: PackageFacts;
  };
  /** What the target's device trees promise the kernel; none where they have no controller of NVLink Fusion. */
  readonly contract?: ContractFacts;
  /** Images that the boot loader verifies; none where the target signs none. */
  readonly signing?: readonly SigningFacts[];
  /** True where a component was built in a work folder that was kept between builds. */
  readonly incremental: boolean;
  readonly components: readonly ComponentFacts[];
}

/** A finished file in the store that becomes a file of the out folder. */
export interface ReleaseArtifact {
  /** Below the out folder, with forward slashes. */
  readonly path: string;
  readonly kind: ArtifactKind;
  /** Component or image that it comes from. An artifact of kind "config" is the component's final .config. */
  readonly component: string;
  /** Absolute path of the stored file. */
  readonly host: string;
  /** Hexadecimal SHA-256 that was recorded when it was stored. */
  readonly sha256: string;
}
