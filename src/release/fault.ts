/** What is wrong with a release. The kind is stable; the rest says what a person needs to see. */
export type Fault =
  /** No manifest.json, or something that is no plain file in its place. */
  | { readonly kind: "manifest-missing"; readonly path: string; readonly found: "nothing" | "link" | "other" }
  | {
      readonly kind: "manifest-too-large";
      readonly path: string;
      readonly size: number;
      readonly limit: number;
    }
  | { readonly kind: "manifest-not-json"; readonly path: string; readonly reason: string }
  | { readonly kind: "unknown-schema"; readonly path: string; readonly found: string; readonly known: string }
  | {
      readonly kind: "manifest-invalid";
      readonly path: string;
      readonly member: string;
      readonly reason: string;
    }
  /** Valid, but not in the one form in which nvlab writes it: a member that is there twice, or edited white space. */
  | { readonly kind: "manifest-not-canonical"; readonly path: string }
  /** An absolute path, or one that leaves the folder. */
  | { readonly kind: "unsafe-path"; readonly path: string; readonly listed: ListedIn }
  | { readonly kind: "duplicate"; readonly path: string; readonly listed: ListedIn }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "extra"; readonly path: string; readonly found: FileType }
  | { readonly kind: "link"; readonly path: string }
  | { readonly kind: "not-a-file"; readonly path: string; readonly found: FileType }
  | { readonly kind: "unreadable"; readonly path: string; readonly reason: string }
  | { readonly kind: "size"; readonly path: string; readonly expected: number; readonly found: number }
  | {
      readonly kind: "altered";
      readonly path: string;
      /** SRI texts. */
      readonly expected: string;
      readonly found: string;
    }
  /** A component's config digest that no config artifact of its has. */
  | { readonly kind: "config"; readonly path: string; readonly component: string }
  /** A device tree that does not keep the contract which the manifest names. */
  | { readonly kind: "contract"; readonly path: string; readonly reason: string }
  | { readonly kind: "checksums-malformed"; readonly path: string; readonly lines: readonly number[] }
  /** SHA256SUMS and the manifest disagree on a file, or only one of them names it. */
  | {
      readonly kind: "checksums-disagree";
      readonly path: string;
      /** Hexadecimal; absent where that list does not name the file. */
      readonly manifest?: string;
      readonly checksums?: string;
    };

export type ListedIn = "manifest.json" | "SHA256SUMS";

export type FileType = "file" | "link" | "folder" | "other";

/** What is seen of a release folder. Folders that hold nothing of the release are listed once and not entered. */
export interface Observed {
  readonly path: string;
  readonly type: FileType;
  readonly size: number;
  /** Of files that the manifest names with this size, and of manifest.json. */
  readonly sha256?: string;
  readonly sha512?: string;
  /** Of device trees that the manifest names. */
  readonly content?: Buffer;
  /** Why the content could not be read. */
  readonly unreadable?: string;
}

export interface ObservedRelease {
  readonly files: readonly Observed[];
  /** Text of SHA256SUMS, absent where there is none that could be read. */
  readonly checksums?: string;
}

export interface VerifiedArtifact {
  readonly path: string;
  readonly size: number;
  readonly state: "good" | "faulty";
}

export interface VerifyReport {
  readonly ok: boolean;
  /** What the manifest says of itself, absent where it could not be read. */
  readonly release?: {
    readonly target: string;
    readonly version: string;
    readonly commit: string | null;
    readonly dirty: boolean;
    /** What its device trees promise the kernel. */
    readonly contract?: {
      readonly name: string;
      readonly version: string;
      /** False where the contract's major version is another than this program knows. */
      readonly checked: boolean;
    };
  };
  readonly artifacts: readonly VerifiedArtifact[];
  /** What describes a release; absent where there is none of it, as in an out folder. */
  readonly documents?: readonly VerifiedArtifact[];
  /** Signatures and attestations that were not checked, because nobody gave a key. */
  readonly unchecked?: readonly string[];
  readonly faults: readonly Fault[];
}
