import calculators from "ae-cvss-calculator";
import { atLeast, type SeverityLevel } from "./severity-level.ts";

export interface Severity {
  readonly level: SeverityLevel;
  /** CVSS score from 0 to 10: the base score, or for version 4 what FIRST calls CVSS-B. */
  readonly score?: number;
  /** The vector that the score was computed from. */
  readonly vector?: string;
}

export const unknownSeverity: Severity = { level: "unknown" };

/**
 * Severity of a CVSS vector of version 2, 3.0, 3.1 or 4.0 by its base metrics, or undefined where it is none. The
 * words are those of the qualitative rating scale of CVSS v3.1, section 5, which version 4 kept.
 */
export function severityOfVector(vector: string): Severity | undefined {
  const score = baseScore(vector);
  return score === undefined ? undefined : { level: levelOfScore(score), score, vector };
}

export function levelOfScore(score: number): SeverityLevel {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  return score > 0 ? "low" : "none";
}

/** A kind of vector: how it begins, the metrics without which it says nothing, and who computes its base score. */
const kinds: readonly {
  readonly begins: RegExp;
  readonly mandatory: readonly string[];
  readonly score: (vector: string) => number | undefined;
}[] = [
  {
    begins: /^CVSS:4\.0\//,
    mandatory: ["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"],
    score: (vector) => new calculators.Cvss4P0(vector).calculateScores().baseMetricsOnly,
  },
  {
    begins: /^CVSS:3\.1\//,
    mandatory: ["AV", "AC", "PR", "UI", "S", "C", "I", "A"],
    score: (vector) => new calculators.Cvss3P1(vector).calculateScores().base,
  },
  {
    begins: /^CVSS:3\.0\//,
    mandatory: ["AV", "AC", "PR", "UI", "S", "C", "I", "A"],
    score: (vector) => new calculators.Cvss3P0(vector).calculateScores().base,
  },
  {
    begins: /^AV:/,
    mandatory: ["AV", "AC", "Au", "C", "I", "A"],
    score: (vector) => new calculators.Cvss2(vector).calculateScores().base,
  },
];

function baseScore(vector: string): number | undefined {
  const kind = kinds.find(({ begins }) => begins.test(vector));
  const metrics = vector.split("/").map((metric) => metric.split(":")[0]);
  // The library takes what is missing for the mildest: nothing would be severe that is cut off.
  if (kind?.mandatory.every((name) => metrics.includes(name)) !== true) return undefined;
  try {
    return kind.score(vector);
  } catch {
    // It throws for a metric or value that it does not know.
    return undefined;
  }
}

const words: Readonly<Record<string, SeverityLevel>> = {
  critical: "critical",
  high: "high",
  important: "high",
  medium: "medium",
  moderate: "medium",
  low: "low",
  negligible: "low",
  none: "none",
  // Debian: no effect on what is shipped in binary packages.
  unimportant: "none",
};

/** Severity of a database's own word for it, as GitHub's "MODERATE" or Debian's urgency "high**". */
export function severityOfWord(word: string): Severity | undefined {
  const level = words[word.toLowerCase().replace(/\*+$/, "").trim()];
  return level === undefined ? undefined : { level };
}

/** The worse of two; where they are as bad, the one that has a score. */
export function worse(a: Severity, b: Severity): Severity {
  if (a.level === b.level) return (a.score ?? -1) >= (b.score ?? -1) ? a : b;
  return atLeast(a.level, b.level) ? a : b;
}
