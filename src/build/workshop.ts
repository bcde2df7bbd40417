import type { Jobserver } from "../exec/jobserver.ts";
import type { SandboxVariation } from "../exec/sandbox.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import type { Plan } from "../plan/plan.ts";
import type { Emit } from "../report/event.ts";
import type { Store } from "../store/store.ts";
import type { Evaluation } from "./evaluate.ts";

/** What every node needs to be run: made once for a build, when there is something to run. */
export interface Workshop {
  readonly cacheDir: string;
  readonly plan: Plan;
  readonly evaluation: Evaluation;
  readonly store: Store;
  readonly jobserver: Jobserver;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Host path of an unpacked root by its name. */
  readonly rootTree: (root: string) => string;
  /** Host path of a downloaded archive by its SHA-256. */
  readonly archive: (sha256: string) => string;
  /** For git, which checks a locked commit out. */
  readonly fetch: FetchContext;
  /** Host path of the file with a signing key's private half, by the key's name. */
  readonly keyFile: (key: string) => string;
  /** Folder of nvlab itself, where the programs that explain Kconfig lie. */
  readonly home: string;
  /** Lines that a node printed when it was last run: what a percentage is told from. */
  readonly expectedLines: (node: string) => number | undefined;
  /** Folder for each component's /obj that is kept between builds, where the user asked for it. */
  readonly workDir?: string;
  /** Of every sandbox of this build. */
  readonly variation?: SandboxVariation;
}
