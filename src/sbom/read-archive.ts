import type { ReadAt } from "./read-elf.ts";

const headerBytes = 60;

/**
 * Names of the members of a static library, in the format of ar(5) as GNU writes it: a name that is too long for the
 * header is "/N", N being its place in the member "//". Undefined for another file.
 */
export function archiveMembers(readAt: ReadAt): Set<string> | undefined {
  if (readAt(0, 8).toString("latin1") !== "!<arch>\n") return undefined;
  const members = new Set<string>();
  let longNames = "";
  for (let at = 8; ;) {
    const header = readAt(at, headerBytes);
    if (header.length < headerBytes) return members;
    const size = Number(header.toString("latin1", 48, 58).trim());
    if (header.toString("latin1", 58, 60) !== "`\n" || !Number.isSafeInteger(size) || size < 0)
      return undefined;
    const name = header.toString("latin1", 0, 16).trimEnd();
    if (name === "//") longNames = readAt(at + headerBytes, size).toString("latin1");
    else if (/^\/\d+$/.test(name)) members.add(longName(longNames, Number(name.slice(1))));
    else if (name !== "/" && name !== "/SYM64/") members.add(name.replace(/\/$/, ""));
    // Members begin at even places.
    at += headerBytes + size + (size % 2);
  }
}

function longName(names: string, at: number): string {
  return names.slice(at).split("\n", 1)[0]?.replace(/\/$/, "") ?? "";
}
