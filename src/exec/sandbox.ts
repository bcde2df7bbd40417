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
  /** The whole environment; nothing of the host's is passed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Working folder in the sandbox. */
  readonly cwd: string;
}
