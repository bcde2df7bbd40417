/** A bind mount: a host path seen at a fixed path in the sandbox. */
export interface Mount {
  readonly host: string;
  readonly at: string;
  readonly writable: boolean;
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
}

/**
 * Goes into fingerprints. To be raised when a change of the sandbox (mounts, ids, limits, base environment)
 * could change what a step makes.
 */
export const sandboxPolicyVersion = 1;

/** The one user and group id in every sandbox, whoever started it. */
export const sandboxId = 1000;

export const sandboxHostname = "nvlab";
