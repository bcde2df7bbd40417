/** What dt-validate or dt-doc-validate has to say of a file. */
export interface Finding {
  /** As the sandbox saw it. */
  readonly file: string;
  /** Node and property where the tool names them, and what is wrong. */
  readonly message: string;
  /** Hints and the schema that says so. */
  readonly details: readonly string[];
}

/** Everything that the tools said. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** Lines that are about no file, as a traceback: a tool itself has failed. */
  readonly stray: readonly string[];
}

/**
 * Reads what the tools print: "<file>: <what>", then indented lines that belong to it. They end with 0 whatever they
 * found, so what they print is the verdict.
 */
export function readVerdict(lines: readonly string[]): Verdict {
  const findings: { file: string; message: string; details: string[] }[] = [];
  const stray: string[] = [];
  let current: string[] | undefined;
  for (const line of lines) {
    const [, file, message = ""] = /^(\/\S+?): (.*)$/.exec(line) ?? [];
    if (line.trim() === "") continue;
    if (/^\s/.test(line) && current) current.push(current === stray ? line : line.trim());
    else if (file === undefined) (current = stray).push(line);
    else findings.push({ file, message, details: (current = []) });
  }
  return { findings: findings.filter(({ message }) => !message.startsWith(ofFirmware)), stray };
}

/** U-Boot gives the kernel's EFI stub the hart that it booted on, which the schema of /chosen does not know. */
const ofFirmware = "chosen: 'boot-hartid' does not match any of the regexes";
