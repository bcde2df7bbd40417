import type { Renderer, Write } from "../report/renderer.ts";
import type { Terminal } from "./context.ts";
import type { Environment } from "./environment.ts";
import type { Interrupts } from "./interrupts.ts";

/** The process as src/main.ts found it: the command line knows nothing else of it. */
export interface World {
  /** The folder of nvlab itself. */
  readonly home: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly cwd: string;
  readonly homeFolder: string;
  readonly out: Write;
  readonly err: Write;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the terminal behind `err`; 0 where there is none, or where it does not tell. */
  readonly errColumns: number;
  /** Standard input, where it is a terminal. */
  readonly terminal: Terminal | undefined;
  /** The view for a terminal; loads much. */
  readonly live: () => Promise<Renderer>;
  /** Milliseconds since the command began. */
  readonly now: () => number;
  readonly interrupts: Interrupts;
}
