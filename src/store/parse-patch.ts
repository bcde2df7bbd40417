/** One hunk of a unified diff: where it stands in the patch file, counting lines from 1. */
export interface PatchHunk {
  readonly line: number;
}

/** The part of a patch that changes one file. */
export interface PatchedFile {
  /** Names from the headers with one leading folder taken off (`-p1`), without /dev/null; the new name last. */
  readonly names: readonly string[];
  /** Where its first header stands in the patch file. */
  readonly line: number;
  readonly hunks: readonly PatchHunk[];
}

interface Draft {
  readonly names: string[];
  readonly line: number;
  readonly hunks: PatchHunk[];
  /** The headers of the next file begin a new part once this one has them. */
  hasNewName: boolean;
}

/** Reads headers and hunks. The lines of a hunk are counted, so that what they hold is not taken for a header. */
export function parsePatch(text: string): PatchedFile[] {
  const files: Draft[] = [];
  const lines = text.split("\n");
  const begin = (line: number): Draft => {
    const draft: Draft = { names: [], line, hunks: [], hasNewName: false };
    files.push(draft);
    return draft;
  };
  const current = (line: number): Draft => {
    const last = files.at(-1);
    return last === undefined || last.hasNewName ? begin(line) : last;
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const here = index + 1;
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    const last = files.at(-1);
    if (hunk && last) {
      last.hunks.push({ line: here });
      last.hasNewName = true;
      index = endOfHunk(lines, index, Number(hunk[1] ?? 1), Number(hunk[2] ?? 1));
    } else if (line.startsWith("diff --git ")) {
      addNames(begin(here), namesOfGitHeader(line.slice("diff --git ".length)));
    } else if (line.startsWith("--- ") && (lines[index + 1] ?? "").startsWith("+++ ")) {
      const draft = current(here);
      addNames(draft, [stripped(nameIn(line.slice(4))), stripped(nameIn((lines[index + 1] ?? "").slice(4)))]);
      draft.hasNewName = true;
      index += 1;
    } else {
      const moved = /^(?:rename|copy) (?:from|to) (.+)$/.exec(line);
      // These have no a/ or b/ before them.
      if (moved && last && !last.hasNewName) addNames(last, [nameIn(moved[1] ?? "")]);
    }
  }
  return files.filter((file) => file.names.length > 0);
}

function addNames(draft: Draft, names: readonly (string | undefined)[]): void {
  for (const name of names) if (name !== undefined && !draft.names.includes(name)) draft.names.push(name);
}

/** Index of the last line of a hunk, whose header tells how many lines of each side it has. */
function endOfHunk(lines: readonly string[], header: number, before: number, after: number): number {
  let index = header;
  for (let [old, young] = [before, after]; (old > 0 || young > 0) && index + 1 < lines.length;) {
    const next = lines[index + 1] ?? "";
    const sign = next.charAt(0);
    if (sign === "-") old -= 1;
    else if (sign === "+") young -= 1;
    else if (sign === " " || sign === "") [old, young] = [old - 1, young - 1];
    else if (sign !== "\\") break;
    index += 1;
  }
  return index;
}

/** The name in a header: in double quotes with C escapes, or up to a tab and its time. */
function nameIn(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted) return unescapeC(quoted[1] ?? "");
  return text.replace(/\r$/, "").replace(/\t.*$/, "").trimEnd();
}

/** Takes the a/ or b/ off; a name of the host's null device is none. */
function stripped(name: string): string | undefined {
  if (name === "/dev/null") return undefined;
  const slash = name.indexOf("/");
  return slash < 0 ? name : name.slice(slash + 1).replace(/^\/+/, "");
}

/** Both names of `diff --git a/x b/x`. Unquoted ones may hold spaces: then both are the same, so half is one. */
function namesOfGitHeader(text: string): (string | undefined)[] {
  const quoted = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([name]) => stripped(nameIn(name)));
  if (quoted.length > 0) return quoted;
  const half = (text.length - 1) / 2;
  const [first, second] = [stripped(text.slice(0, half)), stripped(text.slice(half + 1))];
  if (text.charAt(half) === " " && first === second) return [first];
  return text.split(" ").map(stripped);
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** git quotes a name byte by byte: \303\244 is one letter. */
function unescapeC(text: string): string {
  const bytes: Buffer[] = [];
  for (const [part, escape] of text.matchAll(/\\([0-7]{1,3}|.)|[^\\]+/gs)) {
    if (escape === undefined) bytes.push(Buffer.from(part));
    else if (/^[0-7]/.test(escape)) bytes.push(Buffer.from([Number.parseInt(escape, 8) & 0xff]));
    else bytes.push(Buffer.from([escapes[escape] ?? escape.charCodeAt(0)]));
  }
  return Buffer.concat(bytes).toString("utf8");
}
