import type { Failure } from "../failure/failure.ts";

/** How a node's output came to be. */
export type NodeOutcome = "built" | "cached" | "failed" | "skipped";

/**
 * What happens while nvlab works, as data. Producers emit, renderers (listr2, plain, ndjson) show; neither
 * knows the other. Times are milliseconds since the command began.
 */
export type BuildEvent =
  | { type: "notice"; at: number; level: "info" | "warning"; message: string; hint?: string }
  | { type: "plan"; at: number; target: string; nodes: readonly { id: string; component: string }[] }
  | { type: "download-started"; at: number; file: string; bytes: number }
  | { type: "download-progress"; at: number; file: string; received: number; bytes: number }
  | { type: "download-retried"; at: number; file: string; place: string; reason: string }
  | { type: "download-finished"; at: number; file: string; bytes: number }
  | { type: "root-started"; at: number; root: string; packages: number }
  | { type: "root-progress"; at: number; root: string; unpacked: number; packages: number }
  | { type: "root-finished"; at: number; root: string }
  | { type: "node-started"; at: number; node: string; component: string; expectedLines?: number }
  /** A line of a step's output; `lines` counts them so far, which is how a percentage is learned. */
  | { type: "node-output"; at: number; node: string; line: string; lines: number }
  | {
      type: "node-finished";
      at: number;
      node: string;
      component: string;
      outcome: NodeOutcome;
      /** Wall milliseconds of the node itself. */
      wall: number;
      failures?: readonly Failure[];
    };

type Distribute<E> = E extends BuildEvent ? Omit<E, "at"> : never;

/** An event before its time is stamped on. */
export type UntimedEvent = Distribute<BuildEvent>;

export type Emit = (event: UntimedEvent) => void;
