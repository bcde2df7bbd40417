import type { Lock } from "../../lock/lock.ts";
import type { LocalSource } from "../../plan/node.ts";
import type { Layers } from "../../recipe/layers.ts";

/** What the nodes of all components of a target are made with. */
export interface ComponentContext {
  readonly layers: Layers;
  readonly lock: Lock;
  /** By component: local trees given with --source. */
  readonly overrides: ReadonlyMap<string, LocalSource>;
  readonly images: ReadonlySet<string>;
  readonly baseEnvironment: Readonly<Record<string, string>>;
}
