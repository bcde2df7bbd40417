/** A bind mount: a host path seen at a fixed path in the sandbox. */
export interface Mount {
  readonly host: string;
  readonly at: string;
  readonly writable: boolean;
}

/**
 * What one sandbox has otherwise than all others, so that a build shows whether its outputs depend on it. No part
 * of any fingerprint: outputs made under a variation are for comparing, in a cache of their own.
 */
export interface SandboxVariation {
  /** Tools and data of the variation, beside the root. */
  readonly mounts: readonly Mount[];
  /** Laid over the environment of each run. */
  readonly environment: Readonly<Record<string, string>>;
  /** Octal, as the shell takes it. */
  readonly umask?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly hostname?: string;
  /** Absolute folder of the sandbox below which /src, /src-NAME, /obj and /out really lie; links lead there. */
  readonly places?: string;
}

/** A run in a locked root. The policy (namespaces, ids, /proc, /dev, no network) is not an option. */
export interface SandboxRun {
  /** Host path of the unpacked root. */
  readonly root: string;
  readonly mounts: readonly Mount[];
  /** The whole environment (bwrap adds PWD); nothing of the host's is passed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Working folder in the sandbox. */
  readonly cwd: string;
  /** Absent but in `nvlab reproduce`. */
  readonly variation?: SandboxVariation;
}

/**
 * Goes into fingerprints. To be raised when a change of the sandbox (mounts, ids, limits, base environment)
 * could change what a step makes.
 */
export const sandboxPolicyVersion = 1;

/** The one user and group id in every sandbox, whoever started it. */
export const sandboxId = 1000;

export const sandboxHostname = "nvlab";
