import type { BuildEvent } from "./event.ts";

/** Shows events to somebody. */
export interface Renderer {
  readonly emit: (event: BuildEvent) => void;
  /** Brings what is still open to an end; nothing is emitted afterwards. */
  readonly finish: () => Promise<void>;
}

/** Where text goes. */
export type Write = (text: string) => void;
