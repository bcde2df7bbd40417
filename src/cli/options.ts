import type { Command } from "commander";
import type { MachineName } from "../lab/lab-folder.ts";
import type { VerbName } from "../lab/request.ts";
import type { FailLevel } from "../scan/fail-level.ts";

/** What each command was asked for, after parsing. `undefined` means: not said on the command line. */

/** Options of every command. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly offline: boolean;
  readonly cacheDir?: string;
  /** -C: the folder to work in. */
  readonly directory?: string;
  readonly debianMirror?: readonly string[];
  readonly mirror?: readonly string[];
  /** Another lock file than the project's. */
  readonly lock?: string;
}

interface TargetOption {
  /** The project's default target without. */
  readonly target: string | undefined;
}

interface NamedTargetOption extends TargetOption {
  readonly name: string;
}

/** `--source NAME=DIR` */
export interface LocalSourceOption {
  readonly component: string;
  readonly directory: string;
}

/** `--fit-key NAME=FILE` */
export interface FitKeyOption {
  readonly name: string;
  readonly file: string;
}

export interface BuildOptions extends TargetOption {
  readonly fitKey?: readonly FitKeyOption[];
  readonly component?: readonly string[];
  readonly jobs?: number;
  /** Without: true where CI is set. */
  readonly frozen?: boolean;
  readonly source?: readonly LocalSourceOption[];
  readonly out?: string;
  readonly keepGoing?: boolean;
  readonly rebuild?: readonly string[];
  readonly releaseVersion?: string;
  /** Keep each component's /obj between builds. */
  readonly incremental?: boolean;
}

export interface ReleaseOptions extends TargetOption {
  readonly fitKey?: readonly FitKeyOption[];
  /** Private key; unsigned without. */
  readonly key?: string;
  readonly expires?: Date;
  readonly releaseVersion?: string;
  /** URI of who runs the build. */
  readonly builder?: string;
  readonly jobs?: number;
  /** Refused, with a reason. */
  readonly source?: readonly LocalSourceOption[];
}

export interface FetchOptions extends TargetOption {
  readonly frozen?: boolean;
  /** Also what `nvlab check` needs. */
  readonly check?: boolean;
  /** Also what `nvlab reproduce` needs. */
  readonly reproduce?: boolean;
}

export interface CheckOptions extends TargetOption {
  readonly frozen?: boolean;
  /** Other trees than those in the out folder. */
  readonly tree?: readonly string[];
  readonly out?: string;
}

export interface LockOptions {
  /** true: everything; names: only these components and roots; undefined: only what is missing or changed. */
  readonly update?: true | readonly string[];
  /** Seconds since 1970. */
  readonly epoch?: number;
}

export interface BootOptions extends TargetOption {
  /** true: the default set; "all"; or names with commas between them. */
  readonly test?: true | string;
  /** Start a second machine whose host links are joined with those of the first. */
  readonly peer?: boolean;
  /** Seconds. */
  readonly timeout?: number;
  readonly append?: string;
  readonly gdb?: boolean;
  readonly print?: boolean;
  readonly out?: string;
  /** Without: true where CI is set. */
  readonly frozen?: boolean;
}

/** Which controllers of which running machine. */
export interface LabChoiceOptions {
  readonly target?: string;
  readonly machine?: MachineName;
  readonly controller?: string;
  /** Process id of the `nvlab boot`. */
  readonly pid?: number;
}

export interface LabOptions extends LabChoiceOptions {
  readonly verb: VerbName;
  readonly words: readonly string[];
}

export interface LabBenchOptions extends TargetOption {
  /** Seconds. */
  readonly timeout?: number;
  readonly out?: string;
  readonly frozen?: boolean;
}

export interface ReproduceOptions extends TargetOption {
  /** Changes to "all", as in "-all,+time". */
  readonly vary?: readonly string[];
  /** One rebuild, compared with the out folder. */
  readonly once?: boolean;
  /** A release folder or a manifest. */
  readonly from?: string;
  readonly component?: readonly string[];
  readonly except?: readonly string[];
  readonly jobs?: number;
  readonly statement?: string;
  readonly rebuilder?: string;
  readonly key?: string;
  readonly out?: string;
}

export interface RebuildOptions {
  /** JSON that `nvlab reproduce` wrote. */
  readonly order: string;
}

export interface VerifyOptions {
  /** A release folder, or its manifest.json. */
  readonly path: string;
  /** Files of public keys. */
  readonly key?: readonly string[];
  readonly signer?: readonly string[];
  readonly rebuilder?: readonly string[];
  readonly threshold?: number;
  readonly target?: string;
  readonly minimumVersion?: string;
  readonly builder?: string;
  readonly requireReproduced?: boolean;
  readonly requireTested?: boolean;
  readonly policy?: string;
}

export interface KeygenOptions {
  /** Beginning of the files' names. */
  readonly out: string;
}

export interface SignOptions {
  /** A release folder, or its manifest.json. */
  readonly release: string;
  /** File of the private key. */
  readonly key: string;
  readonly expires?: Date;
  readonly testResults?: string;
}

export const scanFormats = ["table", "json", "sarif"] as const;

export interface ScanOptions {
  /** A release folder or an SBOM. */
  readonly release: string;
  /** Snapshot of a vulnerability database: a file or a folder. */
  readonly db: string;
  /** An OpenVEX document; false: not the project's own either. */
  readonly vex?: string | false;
  readonly failOn?: FailLevel;
  readonly buildTools?: boolean;
  /** A file to write a SARIF log to. */
  readonly sarif?: string;
  readonly format: (typeof scanFormats)[number];
}

export const diffFormats = ["table", "markdown", "json"] as const;

export interface DiffOptions {
  /** Release or out folders, or their manifest.json. */
  readonly before: string;
  readonly after: string;
  /** Snapshot of a vulnerability database. */
  readonly db?: string;
  readonly vex?: string | false;
  /** Exit 1 where the two differ. */
  readonly exitCode?: boolean;
  readonly format: (typeof diffFormats)[number];
}

export interface MirrorOptions {
  readonly folder: string;
  readonly update?: boolean;
  readonly prune?: boolean;
  readonly verify?: boolean;
  readonly copy?: boolean;
  readonly only?: readonly string[];
}

export interface SourcesOptions {
  /** A release folder, or its manifest.json. */
  readonly path: string;
  readonly out?: string;
  /** Components whose source is not to be given away. */
  readonly leaveOut?: readonly string[];
}

export interface ShowOptions {
  readonly name: string;
}

export const graphFormats = ["mermaid", "dot", "json"] as const;

export interface GraphOptions extends TargetOption {
  readonly format: (typeof graphFormats)[number];
}

export interface WhyOptions extends NamedTargetOption {
  readonly source?: readonly LocalSourceOption[];
}

export interface ConfigOptions extends NamedTargetOption {
  readonly diff?: boolean;
  /** OPTION=VALUE as in a fragment, with or without CONFIG_. */
  readonly set?: readonly string[];
  readonly menuconfig?: boolean;
}

export interface ShellOptions extends NamedTargetOption {
  readonly source?: readonly LocalSourceOption[];
}

export interface GcOptions {
  /** Bytes that the store may keep. */
  readonly maxSize?: number;
  /** Milliseconds since the last use. */
  readonly maxAge?: number;
  readonly dryRun?: boolean;
  readonly verify?: boolean;
}

export interface CleanOptions extends TargetOption {
  readonly out?: string;
}

export interface InitOptions {
  /** Where the project is made; the working folder without. */
  readonly folder: string | undefined;
  /** The folder's name without. */
  readonly name?: string;
}

export const shells = ["bash", "zsh", "fish"] as const;
export type ShellName = (typeof shells)[number];

export interface CompletionOptions {
  readonly shell: ShellName;
  /** The command tree that the script is made from. */
  readonly program: Command;
}

/** What a shell asks while a line is typed. */
export interface CompleteOptions {
  readonly kind: string;
}
