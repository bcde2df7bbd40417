/** What dt-validate or dt-doc-validate has to say of a file. */
export interface Finding {
  /** As the sandbox saw it. */
  readonly file: string;
  /** Node and property where the tool names them, and what is wrong. */
  readonly message: string;
  /** Hints and the schema that says so. */
  readonly details: readonly string[];
}

/**
 * Reads what the tools print: "<file>: <what>", then indented lines that belong to it. They end with 0 whatever they
 * found, so what they print is the verdict.
 */
export function readFindings(lines: readonly string[]): Finding[] {
  return allFindings(lines).filter(({ message }) => !message.startsWith(ofFirmware));
}

/** U-Boot gives the kernel's EFI stub the hart that it booted on, which the schema of /chosen does not know. */
const ofFirmware = "chosen: 'boot-hartid' does not match any of the regexes";

function allFindings(lines: readonly string[]): Finding[] {
  const findings: { file: string; message: string; details: string[] }[] = [];
  for (const line of lines) {
    const last = findings.at(-1);
    const [, file = "", message = line] = /^(\/\S+?): (.*)$/.exec(line) ?? [];
    if (/^\s/.test(line) && last) last.details.push(line.trim());
    else if (line.trim() !== "") findings.push({ file, message, details: [] });
  }
  return findings;
}
