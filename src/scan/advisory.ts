import type { Severity } from "./severity.ts";
import { compareIn, plainVersion, type VersionOrder } from "./version-order.ts";

/** What is said of a version. Undecided: it depends on something that the SBOM does not tell. */
export type VersionStatus = "affected" | "unaffected" | "undecided";

/** Versions and what holds for them. Without any bound it is all of them. */
export interface VersionRule {
  readonly status: VersionStatus;
  /** This one version, however a tag may spell it. */
  readonly exactly?: string;
  /** The first one that is meant. */
  readonly from?: string;
  /** The first one that is not. */
  readonly before?: string;
  /** The last one that is meant; "6.6.*" is the last of 6.6, "*" has no end. */
  readonly through?: string;
}

/** What an advisory says of one package. */
export interface AffectedPackage {
  /** Any of these names it: see package-key.ts. */
  readonly keys: readonly string[];
  readonly order: VersionOrder;
  /** The first rule that a version falls under decides. */
  readonly rules: readonly VersionRule[];
  readonly otherwise: VersionStatus;
  /** Source files that hold the fault, from the top of the source tree; none where the record does not say. */
  readonly files: readonly string[];
  readonly severity?: Severity;
  /** Where another entry of the record decides, this one is not asked: it says the same, but more roughly. */
  readonly rough?: true;
}

/** A known vulnerability, whatever form its record had. */
export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly severity: Severity;
  readonly url?: string;
  readonly affected: readonly AffectedPackage[];
}

export interface Verdict {
  readonly status: VersionStatus;
  /** The first version of this line that is not affected any more. */
  readonly fixed?: string;
}

/** What a package's rules say of a version; of an unknown version they say nothing. */
export function judge(affected: AffectedPackage, version: string | undefined): Verdict {
  if (version === undefined || version === "") return { status: "undecided" };
  const rule = affected.rules.find((candidate) => covers(candidate, version, affected.order));
  const status = rule?.status ?? affected.otherwise;
  const fixed = status === "affected" ? (rule?.before ?? nextGood(affected, version)) : undefined;
  return { status, ...(fixed === undefined ? {} : { fixed }) };
}

/** The first version after this one that is said to be unaffected. */
function nextGood({ rules, order }: AffectedPackage, version: string): string | undefined {
  return rules
    .flatMap(({ status, from }) => (status === "unaffected" && from !== undefined ? [from] : []))
    .filter((from) => compareIn(order, from, version) > 0)
    .sort((a, b) => compareIn(order, a, b))[0];
}

function covers(rule: VersionRule, version: string, order: VersionOrder): boolean {
  if (rule.exactly !== undefined)
    return rule.exactly === version || plainVersion(rule.exactly) === plainVersion(version);
  if (rule.from !== undefined && compareIn(order, version, rule.from) < 0) return false;
  if (rule.before !== undefined && compareIn(order, version, rule.before) >= 0) return false;
  return rule.through === undefined || notAfter(rule.through, version, order);
}

function notAfter(through: string, version: string, order: VersionOrder): boolean {
  if (through === "*") return true;
  if (!through.endsWith(".*")) return compareIn(order, version, through) <= 0;
  const line = through.slice(0, -2);
  const cut = version.split(/[.-]/).slice(0, line.split(".").length).join(".");
  return compareIn(order, cut, line) <= 0;
}
