import { z } from "zod";
import type { Advisory, AffectedPackage, VersionRule } from "../advisory.ts";
import { debianKey, debianRelease, upstreamKey } from "../package-key.ts";
import { severityOfWord, unknownSeverity } from "../severity.ts";

/** Debian's security tracker, as security-tracker.debian.org/tracker/data/json has it: what of it decides. */
const Release = z.object({
  status: z.enum(["open", "resolved", "undetermined"]),
  fixed_version: z.string().optional(),
  urgency: z.string().optional(),
});

export const TrackerIssue = z.object({
  description: z.string().optional(),
  releases: z.record(z.string(), Release),
});

type TrackerIssue = z.output<typeof TrackerIssue>;
type Release = z.output<typeof Release>;

/** What the tracker says of one source package under one CVE. */
export function advisoryOfTracker(source: string, id: string, issue: TrackerIssue): Advisory {
  const releases = Object.entries(issue.releases).map(([name, release]) => ({
    number: debianRelease(name),
    ...release,
  }));
  const severity = (release: Release) => severityOfWord(release.urgency ?? "") ?? unknownSeverity;
  return {
    id,
    aliases: [],
    summary: issue.description ?? "",
    severity: unknownSeverity,
    url: `https://security-tracker.debian.org/tracker/${encodeURIComponent(id)}`,
    affected: [
      ...releases.map((release): AffectedPackage => ({
        keys: [debianKey(release.number, source), debianKey("?", source)],
        order: "debian",
        rules: rulesOf(release),
        otherwise:
          release.status === "open"
            ? "affected"
            : release.status === "undetermined"
              ? "undecided"
              : "unaffected",
        files: [],
        severity: severity(release),
      })),
      ...upstream(source, releases),
    ],
  };
}

/** "0" says that no version of that release ever had the fault. */
function rulesOf({ status, fixed_version: fixed }: Release): VersionRule[] {
  if (status !== "resolved" || fixed === undefined) return [];
  return fixed === "0" ? [] : [{ status: "affected", before: fixed }];
}

interface NumberedRelease extends Release {
  readonly number: string;
}

/**
 * What the newest release says of upstream's own versions, for components built from upstream's source under the
 * same name. A fix that came with a new upstream version is upstream's; one in a later Debian revision may be a
 * patch of Debian's, which the SBOM's component does not have: that stays undecided.
 */
function upstream(source: string, releases: readonly NumberedRelease[]): AffectedPackage[] {
  const age = ({ number }: NumberedRelease): number => (number === "sid" ? Infinity : Number(number) || 0);
  const newest = [...releases].sort((a, b) => age(b) - age(a))[0];
  if (newest === undefined) return [];
  const shared = {
    keys: [upstreamKey(source)],
    order: "upstream" as const,
    files: [],
    severity: severityOfWord(newest.urgency ?? "") ?? unknownSeverity,
  };
  const { status, fixed_version: fixed } = newest;
  if (status === "open") return [{ ...shared, rules: [], otherwise: "affected" }];
  if (status === "undetermined") return [{ ...shared, rules: [], otherwise: "undecided" }];
  if (fixed === undefined || fixed === "0") return [{ ...shared, rules: [], otherwise: "unaffected" }];
  const version = upstreamVersion(fixed);
  const rules: VersionRule[] = [{ status: "affected", before: version }];
  if (!isFirstRevision(fixed)) rules.push({ status: "undecided", through: version });
  return [{ ...shared, rules, otherwise: "unaffected" }];
}

/** Without epoch, revision and the marks of repacking, as "+dfsg1" and "~bpo13+1". */
function upstreamVersion(version: string): string {
  return version
    .replace(/^\d+:/, "")
    .replace(/-[^-]*$/, "")
    .replace(/[+~.](?:dfsg|ds|repack|really).*$/, "")
    .replace(/~(?=rc|alpha|beta|pre)/, "-");
}

function isFirstRevision(version: string): boolean {
  const revision = /-([^-]*)$/.exec(version)?.[1];
  return revision === undefined || /^(?:0(?:[.+~].*)?|1(?:~.*)?)$/.test(revision);
}
