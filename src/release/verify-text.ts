import { printable } from "../text/printable.ts";
import type { Fault, VerifyReport } from "./fault.ts";

type PromisedContract = NonNullable<NonNullable<VerifyReport["release"]>["contract"]>;

/** What a report of a release with signatures has beside: rows behind the files, sentences for its own faults. */
export interface MoreToSay {
  readonly lines: readonly string[];
  readonly faults: readonly { readonly path: string; readonly text: string }[];
}

/** The report for people: every artifact and document, then every fault, then the verdict. */
export function renderVerifyTable(report: VerifyReport, more: MoreToSay = { lines: [], faults: [] }): string {
  const lines: string[] = [];
  if (report.release !== undefined) {
    const { target, version, commit, dirty, contract } = report.release;
    const from = commit === null ? "not from git" : `commit ${commit.slice(0, 12)}`;
    const keeps = contract === undefined ? "" : `, ${describeContract(contract)}`;
    lines.push(`${printable(target)} ${version}, ${from}${dirty ? ", dirty" : ""}${keeps}`, "");
  }
  const { artifacts, documents = [], unchecked = [] } = report;
  const listed = [...artifacts, ...documents];
  const width = Math.max(8, ...listed.map(({ path }) => printable(path).length));
  for (const { path, size, state } of listed) {
    lines.push(`  ${state.padEnd(6)}  ${printable(path).padEnd(width)}  ${String(size).padStart(12)} bytes`);
  }
  if (listed.length > 0) lines.push("");
  if (unchecked.length > 0) {
    const what = count(unchecked.length, "file");
    lines.push(`  not checked: ${what} of signatures and attestations (give --key)`, "");
  }
  if (more.lines.length > 0) lines.push(...more.lines.map((line) => `  ${printable(line)}`), "");
  const faults = [
    ...report.faults.map((fault) => ({ path: fault.path, text: describeFault(fault) })),
    ...more.faults,
  ];
  for (const { path, text } of faults) lines.push(`  ${printable(path)}: ${printable(text)}`);
  if (faults.length > 0) lines.push("");
  const counted = [
    count(artifacts.length, "artifact"),
    ...(documents.length > 0 ? [count(documents.length, "document")] : []),
  ].join(", ");
  lines.push(
    faults.length === 0
      ? `Verified: ${counted}, no fault.`
      : `NOT verified: ${count(faults.length, "fault")}, ${counted}.`,
  );
  return `${lines.join("\n")}\n`;
}

function describeContract({ name, version, checked }: PromisedContract): string {
  return `contract ${printable(name)} ${version}${checked ? "" : " (not known here, not checked)"}`;
}

/** One sentence without the path. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case "manifest-missing":
      return fault.found === "nothing"
        ? "is not there"
        : fault.found === "link"
          ? "is a link"
          : "is not a file";
    case "manifest-too-large":
      return `has ${fault.size} bytes, more than the ${fault.limit} that are read`;
    case "manifest-not-json":
      return `is not JSON (${fault.reason})`;
    case "unknown-schema":
      return `has schema version ${fault.found}; this nvlab knows ${fault.known}`;
    case "manifest-invalid":
      return `${fault.member}: ${fault.reason}`;
    case "manifest-not-canonical":
      return "is not in the form in which nvlab writes it: it was edited";
    case "unsafe-path":
      return `a path in ${fault.listed} that leaves the folder`;
    case "duplicate":
      return `is listed twice in ${fault.listed}`;
    case "missing":
      return "is missing";
    case "extra":
      return `is not part of the release${fault.found === "file" ? "" : ` (${fault.found})`}`;
    case "link":
      return "is a link, not a file";
    case "not-a-file":
      return `is not a file (${fault.found})`;
    case "unreadable":
      return `could not be read (${fault.reason})`;
    case "size":
      return `has ${fault.found} bytes, not ${fault.expected}`;
    case "altered":
      return `was altered: ${short(fault.found)}, not ${short(fault.expected)}`;
    case "config":
      return `the config digest of ${fault.component} is not that of its .config`;
    case "contract":
      return `does not keep the contract: ${fault.reason}`;
    case "checksums-malformed":
      return `no checksum on line ${fault.lines.slice(0, 5).join(", ")}${fault.lines.length > 5 ? ", …" : ""}`;
    case "checksums-disagree":
      if (fault.checksums === undefined) return "is not listed in SHA256SUMS";
      if (fault.manifest === undefined) return "is listed in SHA256SUMS only";
      return "SHA256SUMS has another digest";
  }
}

function short(integrity: string): string {
  return integrity.split(" ")[0]?.slice(0, 19) ?? integrity;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
