/** Fields of a Debian control paragraph, by their names as written. Further lines keep their line breaks. */
export type Stanza = ReadonlyMap<string, string>;

/** Reads control paragraphs as `apt-cache show`, Packages, Sources and Release files have them (deb822(5)). */
export function parseStanzas(text: string): Stanza[] {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => {
      const fields = new Map<string, string>();
      for (const match of paragraph.matchAll(/^([^\s:#][^\s:]*):[ \t]*(.*(?:\n[ \t].*)*)/gm)) {
        fields.set(match[1] ?? "", match[2] ?? "");
      }
      return fields;
    });
}

export function field(stanza: Stanza, name: string): string {
  return stanza.get(name) ?? "";
}
