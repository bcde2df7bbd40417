/**
 * Everything that can go wrong for a reason outside the program. A failure is a value, never an exception;
 * what throws is a bug. The code is stable: scripts may depend on it.
 */
export type FailureCode = keyof typeof failureExit;

/** Process exit code for each failure code: 1, the work failed; 2, usage, recipe or project is wrong. */
export const failureExit = {
  NVLAB_USAGE: 2,
  NVLAB_PROJECT: 2,
  NVLAB_YAML: 2,
  NVLAB_RECIPE: 2,
  NVLAB_RECIPE_CYCLE: 2,
  NVLAB_FILE_MISSING: 2,
  NVLAB_LOCK: 2,
  NVLAB_LOCK_VERSION: 2,
  NVLAB_LOCK_STALE: 1,
  NVLAB_RESOLVE: 1,
  NVLAB_MIRROR_UNKNOWN: 1,
  NVLAB_MIRROR: 1,
  NVLAB_OFFLINE: 1,
  NVLAB_DOWNLOAD: 1,
  NVLAB_DIGEST: 1,
  NVLAB_ARCHIVE: 1,
  NVLAB_ROOT: 1,
  NVLAB_SANDBOX: 1,
  NVLAB_DISK_FULL: 1,
  NVLAB_PATCH: 1,
  NVLAB_SOURCE_OVERRIDE: 2,
  NVLAB_KCONFIG: 1,
  NVLAB_STEP: 1,
  NVLAB_MODULE: 1,
  NVLAB_OUTPUT_MISSING: 1,
  NVLAB_CONTRACT: 1,
  NVLAB_DEVICE_TREE: 1,
  NVLAB_STORE: 1,
  NVLAB_BUSY: 1,
  NVLAB_OUT: 1,
  NVLAB_REPRODUCE: 1,
  NVLAB_SOURCES: 1,
  NVLAB_BOOT: 1,
  NVLAB_BOOT_TEST: 1,
  NVLAB_MODEL: 1,
  NVLAB_LAB: 1,
  NVLAB_KEY: 2,
  NVLAB_KEY_EXISTS: 2,
  NVLAB_KEY_EXPOSED: 1,
  NVLAB_PASSPHRASE: 2,
  NVLAB_SIGN: 1,
  NVLAB_POLICY: 2,
  NVLAB_SBOM: 1,
  NVLAB_ADVISORIES: 1,
  NVLAB_VEX: 2,
  NVLAB_COMPARE: 1,
  NVLAB_RELEASE: 1,
  NVLAB_RELEASE_DIRTY: 1,
  NVLAB_RELEASE_VERSION: 2,
  NVLAB_RELEASE_SOURCE: 1,
  NVLAB_RELEASE_LICENCE: 2,
  NVLAB_RELEASE_KEY: 1,
  NVLAB_RELEASE_EXISTS: 1,
  NVLAB_INTERRUPTED: 130,
} as const;

/** A place in a text file. Line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Failure {
  readonly code: FailureCode;
  /** One sentence: what happened, and to what. */
  readonly message: string;
  /** Where in a file that a person wrote. */
  readonly at?: Position;
  /** What to do about it. */
  readonly hint?: string;
  /** More lines for a person, such as the last lines of a log. */
  readonly details?: readonly string[];
}
