import type { Failure } from "../failure/failure.ts";
import { parsePatch, type PatchedFile } from "./parse-patch.ts";

/** The names of files that a unified or git diff touches, each once, as `patch -p1` sees them. */
export function patchedPaths(patchText: string): string[] {
  return [...new Set(parsePatch(patchText).flatMap((file) => file.names))];
}

/** What went wrong with one file, before it becomes a sentence. */
interface Fault {
  readonly name: string;
  readonly part: PatchedFile | undefined;
  /** Numbers of the hunks that failed; empty where the whole part was refused. */
  readonly hunks: number[];
  readonly why: string;
  readonly line: number | undefined;
}

const renew = "make the patch anew against this version of the source";
const remove = "drop the patch, if this version of the source has the change already";

/**
 * Reads what GNU patch printed and says for each file that it refused: which patch, which file, which hunks, and
 * where in the patch file these stand.
 * @param patch its name as people know it, and its text
 * @param output stdout and stderr of `patch --batch --forward`
 * @returns at least one failure, NVLAB_PATCH
 */
export function explainPatchFailure(
  patch: { readonly path: string; readonly text: string },
  output: string,
): Failure[] {
  const faults = readFaults(parsePatch(patch.text), output.split("\n"));
  if (faults.length > 0) return faults.map((fault) => failureOf(patch.path, fault));
  const details = output.trimEnd().split("\n").slice(-20);
  return [{ code: "NVLAB_PATCH", message: `${patch.path} cannot be applied`, details, hint: renew }];
}

function readFaults(parts: readonly PatchedFile[], lines: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  let cursor = 0;
  let current: PatchedFile | undefined;
  let name = "";
  const enter = (named: string): void => {
    name = named;
    const index = parts.findIndex((part, at) => at >= cursor && part.names.includes(named));
    current = parts[index];
    if (index >= 0) cursor = index + 1;
  };
  const refuse = (why: string, line = current?.line): void => {
    faults.push({ name, part: current, hunks: [], why, line });
  };
  for (const line of lines) {
    const [said, first = ""] = match(line);
    if (said === "patching") enter(unquoted(first));
    else if (said === "failed") {
      const last = faults.at(-1);
      if (last && last.hunks.length > 0 && last.part === current && last.name === name)
        last.hunks.push(Number(first));
      else {
        const at = current?.hunks[Number(first) - 1]?.line;
        faults.push({ name, part: current, hunks: [Number(first)], why: "", line: at });
      }
    } else if (said === "reversed") refuse("is changed already: the patch seems to be applied");
    else if (said === "irregular") refuse("is no ordinary file");
    else if (said === "create" || said === "delete") {
      enter(unquoted(first));
      refuse(
        said === "create" ? "exists already, and the patch would create it" : "is not there to be deleted",
      );
    } else if (said === "absent") {
      const part = parts.findLast((candidate) => candidate.line <= Number(first));
      enter(part?.names.at(-1) ?? "");
      refuse("is not in the source tree");
    } else if (said === "malformed") {
      [name, current] = ["", undefined];
      refuse("is malformed", Number(first));
    } else if (said === "fatal") {
      [name, current] = ["", undefined];
      refuse(`is refused: ${first}`);
    }
  }
  return faults;
}

/** What GNU patch 2.7 prints, as in its source, pch.c and patch.c. */
const sayings = [
  ["patching", /^(?:patching|checking) (?:file|symbolic link) (.+?)(?: \((?:renamed|copied) from .*\))?$/],
  ["failed", /^Hunk #(\d+) (?:FAILED|NOT MERGED|ignored)\b/],
  ["reversed", /^Reversed \(or previously applied\) patch detected!/],
  ["irregular", /^File .* is not a (?:regular file|symbolic link) -- refusing to patch/],
  ["create", /^The next patch would create the (?:file|symbolic link) (.+),$/],
  ["delete", /^The next patch would delete the (?:file|symbolic link) (.+),$/],
  ["absent", /^can't find file to patch at input line (\d+)/],
  ["malformed", /^patch: \*\*\*\* malformed patch at line (\d+)/],
  ["fatal", /^patch: \*\*\*\* (.+)$/],
] as const;

function match(line: string): [(typeof sayings)[number][0] | undefined, string?] {
  for (const [said, pattern] of sayings) {
    const found = pattern.exec(line);
    if (found) return [said, found[1] ?? ""];
  }
  return [undefined];
}

function unquoted(name: string): string {
  const quoted = /^'(.*)'$/.exec(name);
  return quoted ? (quoted[1] ?? "").replaceAll(`'\\''`, "'") : name;
}

function failureOf(file: string, { name, part, hunks, why, line }: Fault): Failure {
  const at = line === undefined ? {} : { at: { file, line, column: 1 } };
  if (hunks.length === 0) {
    const hint = why.includes("already") ? remove : renew;
    const message = name === "" ? `${file} ${why}` : `${file} cannot be applied: ${name} ${why}`;
    return { code: "NVLAB_PATCH", message, ...at, hint };
  }
  const numbers = hunks.map((hunk) => `#${String(hunk)}`).join(", ");
  const count = part?.hunks.length ?? hunks.length;
  const details = hunks.map((hunk) => {
    const place = part?.hunks[hunk - 1];
    return `hunk #${String(hunk)}${place ? ` (${file}:${String(place.line)}:1)` : ""} finds other lines in ${name}`;
  });
  const hunkWord = hunks.length === 1 ? "hunk" : "hunks";
  return {
    code: "NVLAB_PATCH",
    message: `${file} does not apply to ${name}: ${hunkWord} ${numbers} of ${String(count)} failed`,
    ...at,
    details,
    hint: renew,
  };
}
