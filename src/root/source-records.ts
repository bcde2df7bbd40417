import { parseMadison } from "./apt-records.ts";
import type { AptRoot } from "./apt-root.ts";
import { field, parseStanzas } from "./stanza.ts";

/** A file of a source package, as a signed Sources index lists it. */
export interface SourceFile {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  /** Below the mirror's base. */
  readonly pool: string;
  readonly suite: string;
}

/** Reads the paragraphs of `apt-cache showsrc`; `suites` says which suite lists which version. */
export function parseSources(text: string, suites: ReadonlyMap<string, string>): SourceFile[] {
  return parseStanzas(text).flatMap((stanza) => {
    const directory = field(stanza, "Directory");
    const suite = suites.get(field(stanza, "Version"));
    if (suite === undefined) return [];
    return [...field(stanza, "Checksums-Sha256").matchAll(/^\s*([0-9a-f]{64}) (\d+) (\S+)$/gm)].map(
      (match) => {
        const file = match[3] ?? "";
        return { sha256: match[1] ?? "", size: Number(match[2]), file, pool: `${directory}/${file}`, suite };
      },
    );
  });
}

/** All files of a source package that the indexes list. */
export async function sourceFiles(apt: AptRoot, source: string): Promise<SourceFile[]> {
  const listed = parseMadison((await apt.run("apt-cache", ["madison", source])).stdout);
  const suites = new Map(
    listed.filter(({ name }) => name === source).map(({ version, suite }) => [version, suite]),
  );
  const shown = await apt.run("apt-cache", ["showsrc", "--only-source", source]);
  return parseSources(shown.stdout, suites);
}
