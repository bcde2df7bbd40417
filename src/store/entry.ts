/** A file or link of an entry's output. */
export interface EntryFile {
  /** Below the output folder, forward slashes. */
  readonly path: string;
  readonly type: "file" | "link";
  /** Hexadecimal SHA-256 of the content, or of the link's target. */
  readonly sha256: string;
  /** Where a link leads, as written in it. */
  readonly target?: string;
  readonly executable: boolean;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
}

/** A folder of an entry's output; the output folder itself has an empty path. */
export interface EntryFolder {
  readonly path: string;
  /** Changes when a name is added to the folder or taken from it. */
  readonly mtimeMs: number;
}

/** What is kept of a source tree in place of tens of thousands of hashes: enough to see that it was altered. */
export interface Census {
  readonly files: number;
  readonly bytes: number;
  /** Digest over sorted path, type, executable bit, size and mtime, or the target of a link. */
  readonly sha256: string;
}

/** What the store knows of a finished output: `entry.json` beside its `out` folder. */
export interface Entry {
  readonly entryVersion: 1;
  readonly fingerprint: string;
  /** Node id and component at the time it was made: for people, never for a decision. */
  readonly node: string;
  readonly component: string;
  /** Digest over sorted path, type, mode and content. Trees of sources: the fingerprint itself. */
  readonly output: string;
  /** Absent for source trees (tens of thousands of files, never altered: opened read-only). */
  readonly files?: readonly EntryFile[];
  /** Absent for source trees. */
  readonly folders?: readonly EntryFolder[];
  /** Of source trees only. */
  readonly census?: Census;
  /** The readable parts of the fingerprint, for `nvlab why`. */
  readonly signature: Readonly<Record<string, string>>;
  readonly report: StepReport;
}

export interface StepReport {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Peak resident memory of the largest process, bytes. */
  readonly peakBytes: number;
  /** Lines the step printed: what a later run's percentage is measured against. */
  readonly lines: number;
}
