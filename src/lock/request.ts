import type { PinnedSource } from "../recipe/schema/source.ts";

/** A source that a recipe asks for. */
export interface SourceRequest {
  /** "component/source", as in linux/main: its name in the lock. */
  readonly key: string;
  /** The component's version, where the source's own name does not give one. */
  readonly version: string;
  readonly source: PinnedSource;
}
