import type { Lock } from "../lock/lock.ts";
import type { LocalSource } from "../plan/node.ts";
import type { Project } from "../recipe/project.ts";
import type { PlannedTarget } from "./planner/plan-target.ts";

/** A target planned from what the project and its lock say now. */
export interface Prepared {
  readonly project: Project;
  readonly lockPath: string;
  readonly lock: Lock;
  readonly overrides: ReadonlyMap<string, LocalSource>;
  readonly planned: PlannedTarget;
}
