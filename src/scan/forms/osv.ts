import { z } from "zod";
import type { Advisory, AffectedPackage, VersionRule } from "../advisory.ts";
import {
  debianKey,
  debianRelease,
  ecosystemKey,
  purlKey,
  repositoryKey,
  withOtherNames,
} from "../package-key.ts";
import { parsePurl } from "../purl.ts";
import { type Severity, severityOfVector, severityOfWord, unknownSeverity } from "../severity.ts";
import { compareIn, type VersionOrder } from "../version-order.ts";

/** OSV schema 1.7, ossf.github.io/osv-schema: what of it decides. */
const Severities = z.array(z.object({ type: z.string(), score: z.string() }));

const Event = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
  limit: z.string().optional(),
});

const Specific = z.record(z.string(), z.unknown());

const Affected = z.object({
  package: z.object({ ecosystem: z.string(), name: z.string(), purl: z.string().optional() }).optional(),
  severity: Severities.nullish(),
  ranges: z
    .array(
      z.object({
        type: z.enum(["GIT", "SEMVER", "ECOSYSTEM"]),
        repo: z.string().optional(),
        events: z.array(Event),
      }),
    )
    .nullish(),
  versions: z.array(z.string()).nullish(),
  ecosystem_specific: Specific.nullish(),
  database_specific: Specific.nullish(),
});

export const OsvRecord = z.object({
  id: z.string().min(1),
  aliases: z.array(z.string()).nullish(),
  upstream: z.array(z.string()).nullish(),
  withdrawn: z.string().nullish(),
  summary: z.string().nullish(),
  details: z.string().nullish(),
  severity: Severities.nullish(),
  affected: z.array(Affected).nullish(),
  references: z.array(z.object({ type: z.string(), url: z.string() })).nullish(),
  database_specific: Specific.nullish(),
});

type OsvRecord = z.output<typeof OsvRecord>;
type OsvAffected = z.output<typeof Affected>;
type OsvEvent = z.output<typeof Event>;

/** Nothing for a record that was withdrawn. */
export function advisoryOfOsv(record: OsvRecord): Advisory | undefined {
  if (typeof record.withdrawn === "string") return undefined;
  const link = record.references?.find(({ type }) => type === "ADVISORY") ?? record.references?.[0];
  const files = namedFiles(record.database_specific);
  return {
    id: record.id,
    aliases: [...(record.aliases ?? []), ...sameAs(record.upstream ?? [])],
    summary: (record.summary ?? record.details ?? "").split("\n")[0] ?? "",
    severity: severityOf(record.severity, record.database_specific) ?? unknownSeverity,
    ...(link === undefined ? {} : { url: link.url }),
    affected: (record.affected ?? []).map((affected) => affectedPackage(affected, files)),
  };
}

/** A distribution's record of one vulnerability is that vulnerability; one of several is none of them. */
function sameAs(upstream: readonly string[]): readonly string[] {
  return upstream.length === 1 ? upstream : [];
}

function affectedPackage(affected: OsvAffected, recordFiles: readonly string[]): AffectedPackage {
  const ranges = affected.ranges ?? [];
  const decidable = ranges.filter(({ type }) => type !== "GIT");
  const order = orderOf(affected);
  const versions = affected.versions ?? [];
  const files = [...namedFiles(affected.ecosystem_specific), ...namedFiles(affected.database_specific)];
  const severity = severityOf(affected.severity, affected.ecosystem_specific);
  const saysNothing = decidable.length === 0 && versions.length === 0;
  return {
    keys: keysOf(affected),
    order,
    rules: [
      ...versions.map((exactly): VersionRule => ({ status: "affected", exactly })),
      ...decidable.flatMap(({ events }) => rulesOf(events, order)),
      ...ranges.filter(({ type }) => type === "GIT").flatMap(({ events }) => commitRules(events)),
    ],
    // A list of versions beside commits is complete; commits alone say nothing of a version.
    otherwise: saysNothing ? "undecided" : "unaffected",
    files: files.length === 0 ? recordFiles : files,
    ...(severity === undefined ? {} : { severity }),
  };
}

function orderOf(affected: OsvAffected): VersionOrder {
  const ecosystem = affected.package?.ecosystem ?? "";
  if (/^(?:Debian|Ubuntu)(?::|$)/.test(ecosystem)) return "debian";
  const isSemver = (affected.ranges ?? []).some(({ type }) => type === "SEMVER");
  return isSemver || /^(?:npm|crates\.io|Go|Hex)$/.test(ecosystem) ? "semver" : "upstream";
}

/** Versions between events: the evaluation of the schema, "range[].events", as intervals. */
function rulesOf(events: readonly OsvEvent[], order: VersionOrder): VersionRule[] {
  const bounds = events
    .flatMap((event) => Object.entries(event) as [keyof OsvEvent, string][])
    .map(([kind, version]) => ({ kind, version }))
    .sort((a, b) => compareBounds(a, b, order));
  const rules: VersionRule[] = [];
  let from: string | undefined;
  for (const { kind, version } of bounds) {
    if (kind === "introduced") from ??= version;
    else if (from !== undefined) {
      rules.push({
        status: "affected",
        ...start(from),
        ...(kind === "last_affected" ? { through: version } : { before: version }),
      });
      from = undefined;
    }
  }
  if (from !== undefined) rules.push({ status: "affected", ...start(from) });
  return rules;
}

interface Bound {
  readonly kind: keyof OsvEvent;
  readonly version: string;
}

/** "0" is before everything, and of two events at one version the end comes first. */
function compareBounds(a: Bound, b: Bound, order: VersionOrder): number {
  const isStart = ({ kind, version }: Bound): boolean => kind === "introduced" && version === "0";
  if (isStart(a) || isStart(b)) return Number(isStart(b)) - Number(isStart(a));
  const difference = compareIn(order, a.version, b.version);
  if (difference !== 0) return difference;
  const rank = ({ kind }: Bound): number => (kind === "last_affected" ? 2 : kind === "introduced" ? 1 : 0);
  return rank(a) - rank(b);
}

function start(from: string): { from?: string } {
  return from === "0" ? {} : { from };
}

/** Of a version that is itself a commit: the one that brought the fault in, and the one that took it out. */
function commitRules(events: readonly OsvEvent[]): VersionRule[] {
  return events.flatMap(({ introduced, fixed, last_affected }): VersionRule[] => [
    ...[introduced, last_affected].flatMap((commit): VersionRule[] =>
      commit === undefined || commit === "0" ? [] : [{ status: "affected", exactly: commit }],
    ),
    ...(fixed === undefined ? [] : [{ status: "unaffected" as const, exactly: fixed }]),
  ]);
}

function keysOf(affected: OsvAffected): string[] {
  const repositories = (affected.ranges ?? []).flatMap(({ repo }) =>
    repo === undefined ? [] : [repositoryKey(repo)],
  );
  const keys = repositories.filter((key) => key !== undefined);
  const { ecosystem, name, purl: text } = affected.package ?? {};
  if (ecosystem !== undefined && name !== undefined) {
    const [distribution, release] = ecosystem.split(":");
    if (distribution === "Debian")
      return release === undefined
        ? [debianKey("*", name)]
        : [debianKey(debianRelease(release), name), debianKey("?", name)];
    keys.push(ecosystemKey(ecosystem, name));
  }
  const purl = text === undefined ? undefined : parsePurl(text);
  if (purl !== undefined) keys.push(purlKey(purl.type, purl.namespace, purl.name));
  return withOtherNames(keys);
}

function severityOf(
  entries: OsvRecord["severity"],
  specific: Readonly<Record<string, unknown>> | null | undefined,
): Severity | undefined {
  const rated = (entries ?? []).map(({ type, score }) => ({
    type,
    severity: severityOfVector(score) ?? severityOfWord(score),
  }));
  const best = ["CVSS_V4", "CVSS_V3", "CVSS_V2"]
    .flatMap((type) => rated.filter((entry) => entry.type === type))
    .concat(rated)
    .find(({ severity }) => severity !== undefined)?.severity;
  const word = [specific?.severity, specific?.urgency].find((text) => typeof text === "string");
  return best ?? (word === undefined ? undefined : severityOfWord(word));
}

/** Databases name the faulty files in members of their own. */
function namedFiles(specific: Readonly<Record<string, unknown>> | null | undefined): string[] {
  return ["files", "paths", "program_files", "programFiles"].flatMap((name) => {
    const value = specific?.[name];
    return Array.isArray(value) ? value.filter((file): file is string => typeof file === "string") : [];
  });
}
