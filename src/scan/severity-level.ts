/** From the mildest to the worst; "unknown" where nobody has said. */
export const severityLevels = ["unknown", "none", "low", "medium", "high", "critical"] as const;
export type SeverityLevel = (typeof severityLevels)[number];

/** Whether a severity is as bad as another, or worse. */
export function atLeast(level: SeverityLevel, floor: SeverityLevel): boolean {
  return severityLevels.indexOf(level) >= severityLevels.indexOf(floor);
}
