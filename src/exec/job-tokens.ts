/** What one compiler job is reckoned to need. */
const bytesPerJob = 1024 ** 3;

export interface Machine {
  readonly cores: number;
  readonly availableMemoryBytes: number;
  /** What the person asked for, `--jobs`; taken as it is. */
  readonly jobs?: number;
}

/** How many jobs may run at once: one a core, fewer where memory is short, at least one. */
export function jobTokens(machine: Machine): number {
  if (machine.jobs !== undefined) return Math.max(1, Math.floor(machine.jobs));
  return Math.max(1, Math.min(machine.cores, Math.floor(machine.availableMemoryBytes / bytesPerJob)));
}
