import { z } from "zod";
import type { Advisory } from "./advisory.ts";
import { advisoryOfCve, CveRecord } from "./forms/cve-record.ts";
import { advisoryOfTracker, TrackerIssue } from "./forms/debian-tracker.ts";
import { advisoryOfOsv, OsvRecord } from "./forms/osv.ts";

/** A record of a snapshot: what it says, or why it cannot be read. */
export type ReadRecord =
  | { readonly kind: "advisory"; readonly advisory: Advisory }
  /** Withdrawn, rejected, or about a package that nobody asked for. */
  | { readonly kind: "passed-over" }
  | { readonly kind: "unreadable"; readonly record: string; readonly reason: string };

/**
 * The records in a JSON value of a vulnerability database, whichever of the known forms it has: an OSV record, a CVE
 * record, a list of either, or Debian's tracker. Of the tracker only the source packages that `wanted` takes are read.
 */
export function* recognise(
  value: unknown,
  place: string,
  wanted: (source: string) => boolean,
): Generator<ReadRecord> {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) yield* recognise(entry, `${place}[${index}]`, wanted);
  } else if (isObject(value) && Array.isArray(value.vulns)) {
    yield* recognise(value.vulns, place, wanted);
  } else if (isObject(value) && value.dataType === "CVE_RECORD") {
    yield read(CveRecord, value, nameOf(member(value.cveMetadata, "cveId"), place), advisoryOfCve);
  } else if (isObject(value) && "id" in value && ("modified" in value || "affected" in value)) {
    yield read(OsvRecord, value, nameOf(value.id, place), advisoryOfOsv);
  } else if (isObject(value) && isTracker(value)) {
    yield* readTracker(value, wanted);
  } else {
    yield { kind: "unreadable", record: place, reason: "no OSV record, CVE record or Debian tracker" };
  }
}

function* readTracker(
  tracker: Readonly<Record<string, unknown>>,
  wanted: (source: string) => boolean,
): Generator<ReadRecord> {
  for (const [source, issues] of Object.entries(tracker)) {
    if (!wanted(source)) {
      yield { kind: "passed-over" };
      continue;
    }
    for (const [id, issue] of Object.entries(isObject(issues) ? issues : {}))
      yield read(TrackerIssue, issue, `${source} ${id}`, (good) => advisoryOfTracker(source, id, good));
  }
}

function read<T>(
  schema: z.ZodType<T>,
  value: unknown,
  record: string,
  compose: (good: T) => Advisory | undefined,
): ReadRecord {
  const checked = schema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return {
      kind: "unreadable",
      record,
      reason: `${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? ""}`,
    };
  }
  const advisory = compose(checked.data);
  return advisory === undefined ? { kind: "passed-over" } : { kind: "advisory", advisory };
}

/** Source packages, each with issues that are called as CVEs are, or temporarily. */
function isTracker(value: Readonly<Record<string, unknown>>): boolean {
  const entries = Object.values(value);
  return (
    entries.length > 0 &&
    entries.every(
      (issues) => isObject(issues) && Object.keys(issues).every((id) => /^(?:CVE|TEMP)-/.test(id)),
    )
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function nameOf(id: unknown, place: string): string {
  return typeof id === "string" && id !== "" ? id : place;
}
