import type { Lock } from "../lock/lock.ts";
import type { LocalSource } from "../plan/node.ts";
import type { Project } from "../recipe/project.ts";
import type { PlannedTarget } from "./planner/plan-target.ts";
import type { LoadedFitKey } from "./read-fit-key.ts";

/** A target planned from what the project and its lock say now. */
export interface Prepared {
  readonly project: Project;
  readonly lockPath: string;
  readonly lock: Lock;
  readonly overrides: ReadonlyMap<string, LocalSource>;
  /** The keys that its images are signed and verified with, by name. */
  readonly fitKeys: ReadonlyMap<string, LoadedFitKey>;
  readonly planned: PlannedTarget;
}
