import { readdirSync } from "node:fs";
import { join } from "node:path";
import { walkTree } from "../store/walk-tree.ts";
import { archiveMembers } from "./read-archive.ts";
import { withFileReader } from "./file-reader.ts";
import type { LinkEvidence } from "./linked-library.ts";
import { readElf, type ElfFacts } from "./read-elf.ts";

/** Machines by their number in an ELF header: Debian's name for the architecture, and the compiler's. */
const machines: Readonly<Record<number, { architecture: string; triplet: string }>> = {
  62: { architecture: "amd64", triplet: "x86_64-linux-gnu" },
  183: { architecture: "arm64", triplet: "aarch64-linux-gnu" },
  243: { architecture: "riscv64", triplet: "riscv64-linux-gnu" },
};

/**
 * Looks through a component's output for programs that hold code of the C library or of the compiler's library.
 * A static program with the start code of GNU/Linux has both. One without an operating system, as a boot loader, has
 * the compiler's where its symbols name a member of that library. What was stripped of those is not seen.
 * @param output host folder of the component's output
 * @param root host folder of the root in which it was linked
 */
export function findLinked(output: string, root: string): LinkEvidence[] {
  const found = new Map<string, LinkEvidence>();
  const members = new Map<string, ReadonlySet<string>>();
  for (const { type, absolute, stats } of walkTree(output)) {
    if (type !== "file" || stats.size < 64) continue;
    const facts = withFileReader(absolute, readElf);
    const machine = facts && machines[facts.machine];
    if (!machine) continue;
    const { architecture, triplet } = machine;
    const known = members.get(triplet) ?? compilerLibrary(root, triplet);
    members.set(triplet, known);
    for (const library of librariesOf(facts, known))
      found.set(`${library} ${architecture}`, { library, architecture });
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

function librariesOf(facts: ElfFacts, compilerMembers: ReadonlySet<string>): LinkEvidence["library"][] {
  if (facts.interpreter) return [];
  if (facts.gnuLinux) return ["c", "gcc"];
  return [...facts.files].some((name) => compilerMembers.has(name)) ? ["gcc"] : [];
}

/** Names of the members of libgcc.a, of every version of the compiler that the root has for this machine. */
function compilerLibrary(root: string, triplet: string): ReadonlySet<string> {
  const folders = ["gcc", "gcc-cross"].map((kind) => join(root, "usr/lib", kind, triplet));
  const members = folders.flatMap((folder) =>
    namesIn(folder).flatMap((version) => [
      ...(withFileReader(join(folder, version, "libgcc.a"), archiveMembers) ?? []),
    ]),
  );
  return new Set(members);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
