/** A row of the table of licences. */
export interface LicenceEntry {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  readonly kind: "component" | "library";
  /** Paths of the source in the bundle; empty where it is not there. */
  readonly sources: readonly string[];
  /** Paths of licence texts in the bundle. */
  readonly texts: readonly string[];
  /** What there is to say beside: why something is not there. */
  readonly note: string;
}

/** A field as RFC 4180 has it. One that a spreadsheet would take for a formula gets a quote mark in front. */
export function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The table for machines: CSV with a head, lines ending as RFC 4180 has it. */
export function licenceCsv(entries: readonly LicenceEntry[]): string {
  const head = ["name", "version", "kind", "license", "sources", "texts", "note"];
  const rows = entries.map(({ name, version, kind, license, sources, texts, note }) => [
    ...[name, version, kind, license],
    ...[sources.join(" "), texts.join(" "), note],
  ]);
  return [head, ...rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

const mostLinks = 8;

/** The same for people, as Markdown. */
export function licenceMarkdown(entries: readonly LicenceEntry[]): string {
  const lines = entries.map((entry) => {
    const links = [entry.sources, entry.texts].map((paths) => {
      const shown = paths
        .slice(0, mostLinks)
        .map((path) => `[${cell(path.split("/").at(-1) ?? path)}](${path})`);
      const rest = paths.length - shown.length;
      return [...shown, ...(rest > 0 ? [`and ${String(rest)} more`] : [])].join(", ");
    });
    const { name, version, license, kind, note } = entry;
    return `| ${[name, version, kind, license].map(cell).join(" | ")} | ${links.join(" | ")} | ${cell(note)} |`;
  });
  return [
    "# Licences",
    "",
    "| what | version | kind | licence (SPDX) | source | texts | note |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replace(/\s+/g, " ");
}
