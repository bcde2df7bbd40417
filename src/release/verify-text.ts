import type { Fault, VerifyReport } from "./fault.ts";

type PromisedContract = NonNullable<NonNullable<VerifyReport["release"]>["contract"]>;

/** The report for people: every artifact, then every fault, then the verdict. */
export function renderVerifyTable(report: VerifyReport): string {
  const lines: string[] = [];
  if (report.release !== undefined) {
    const { target, version, commit, dirty, contract } = report.release;
    const from = commit === null ? "not from git" : `commit ${commit.slice(0, 12)}`;
    const keeps = contract === undefined ? "" : `, ${describeContract(contract)}`;
    lines.push(`${printable(target)} ${version}, ${from}${dirty ? ", dirty" : ""}${keeps}`, "");
  }
  const width = Math.max(8, ...report.artifacts.map(({ path }) => printable(path).length));
  for (const { path, size, state } of report.artifacts) {
    lines.push(`  ${state.padEnd(6)}  ${printable(path).padEnd(width)}  ${String(size).padStart(12)} bytes`);
  }
  if (report.artifacts.length > 0) lines.push("");
  for (const fault of report.faults)
    lines.push(`  ${printable(fault.path)}: ${printable(describeFault(fault))}`);
  if (report.faults.length > 0) lines.push("");
  const artifacts = count(report.artifacts.length, "artifact");
  lines.push(
    report.ok
      ? `Verified: ${artifacts}, no fault.`
      : `NOT verified: ${count(report.faults.length, "fault")}, ${artifacts}.`,
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

/** Names come from whoever made the folder: no control sequence of theirs reaches the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
