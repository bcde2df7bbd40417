import type { PublicKey } from "../sign/key.ts";

/** A key that somebody trusts, under the name that they gave it. */
export interface TrustedKey {
  readonly name: string;
  readonly key: PublicKey;
  /** From this moment on nothing counts that the key has signed. */
  readonly expires?: Date;
}

/** How many of these keys have to have done something. */
export interface Quorum {
  readonly by: readonly TrustedKey[];
  readonly threshold: number;
}

/** What a release has to show. */
export interface Policy {
  /** Every key that may appear in it: a signature by any other is a fault. */
  readonly keys: readonly TrustedKey[];
  /** Who has to have signed the release. */
  readonly signers: Quorum & { readonly required: readonly TrustedKey[] };
  readonly target?: string;
  /** SemVer: nothing older is taken. */
  readonly minimumVersion?: string;
  /** URI of the builder that the provenance has to name. */
  readonly builder?: string;
  /** Who has to have built the same bytes again. */
  readonly reproduced?: Quorum;
  /** Who may state that the boot test passed; one of them has to. */
  readonly tested?: readonly TrustedKey[];
}
