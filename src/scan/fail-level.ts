import { openStates } from "./finding-state.ts";
import type { Finding } from "./finding.ts";
import { atLeast, type SeverityLevel } from "./severity-level.ts";

/** From which severity on an open finding fails a scan; "any" takes those that nobody has rated, too. */
export const failLevels = ["any", "low", "medium", "high", "critical"] as const;
export type FailLevel = (typeof failLevels)[number];

/** The findings that fail a scan. Those in packages that were only used to build count where `builds` says so. */
export function failing(findings: readonly Finding[], level: FailLevel, builds: boolean): Finding[] {
  const floor: SeverityLevel = level === "any" ? "unknown" : level;
  return findings.filter(
    ({ state, severity, component }) =>
      openStates.has(state) && atLeast(severity.level, floor) && (builds || component.role === "image"),
  );
}
