import type { Surroundings } from "../build/request.ts";
import type { Failure } from "../failure/failure.ts";
import type { Result } from "../failure/result.ts";
import type { Paint } from "../report/palette.ts";

/** A terminal whose keys can be passed on unread. */
export interface Terminal {
  setRawMode(raw: boolean): unknown;
}

/** Everything of the outside that a command may use. */
export interface CommandContext extends Surroundings {
  /** Whether CI is set: a lock is then frozen unless the command line says otherwise. */
  readonly ci: boolean;
  /** Whether a person sits at the terminal, to be asked or given a shell. */
  readonly interactive: boolean;
  readonly verbose: boolean;
  /** Standard input, where it is a terminal. */
  readonly terminal: Terminal | undefined;
  /**
   * While a program in the foreground (a shell, QEMU) has the terminal, nothing is drawn on it and Ctrl-C is for
   * that program alone.
   */
  readonly yieldTerminal: <T>(work: () => Promise<T>) => Promise<T>;
  /** Milliseconds since the command began. */
  readonly now: () => number;
  /** Colours of standard output. */
  readonly paint: Paint;
}

/** What a command gives back, to be shown by src/cli/execute.ts. */
export interface Outcome {
  /** What --json prints. */
  readonly data: unknown;
  /** For a person: the very result, on standard output. */
  readonly result?: string;
  /** For a person: what else there is to say, on standard error; not with --quiet. */
  readonly remarks?: string;
  /** Shown as failures are, beside the result that came in spite of them. */
  readonly failures?: readonly Failure[];
  /** 1: the work was done and the verdict is bad, as of a release that was altered. */
  readonly exit?: 0 | 1;
}

export type Run<Options> = (context: CommandContext, options: Options) => Promise<Result<Outcome>>;

/** Loads a command's code: a chunk of its own, so that no command pays for another. */
export type LoadCommand<Options> = () => Promise<{ readonly run: Run<Options> }>;

/**
 * What --json means for a command: "events", a line for each event and a last one {"type": "result"}; or
 * "document", one JSON document and nothing else.
 */
export type JsonForm = "events" | "document";

/** Called by a command's definition once its line is parsed. */
export type Dispatch = <Options>(
  options: Options,
  load: LoadCommand<Options>,
  form?: JsonForm,
) => Promise<void>;
