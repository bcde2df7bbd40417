export interface LicenceRow {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; empty for a project, whose files say it one by one. */
  readonly license: string;
  readonly kind: "component" | "library" | "project";
  /** Paths below the folder of licences. */
  readonly texts: readonly string[];
}

const titles: Readonly<Record<LicenceRow["kind"], string>> = {
  component: "Components",
  library: "Linked statically into them",
  project: "Recipes, and programs that lie beside them",
};

/** More texts of one component are not listed one by one. */
const mostLinks = 12;

/** licenses/README.md: what is under which licence, and where its text is. */
export function licenceTable(rows: readonly LicenceRow[]): string {
  const parts = (["component", "library", "project"] as const).flatMap((kind) => {
    const own = rows.filter((row) => row.kind === kind);
    if (own.length === 0) return [];
    return [
      `## ${titles[kind]}\n`,
      "| what | version | licence (SPDX) | texts |",
      "| --- | --- | --- | --- |",
      ...own.map(line),
      "",
    ];
  });
  return ["# Licences of this release\n", ...parts].join("\n");
}

function line({ name, version, license, texts }: LicenceRow): string {
  const links = texts.slice(0, mostLinks).map((path) => `[${path.split("/").slice(1).join("/")}](${path})`);
  const rest = texts.length - links.length;
  const folder = texts[0]?.split("/")[0] ?? "";
  const shown = [...links, ...(rest > 0 ? [`${rest} more in [${folder}](${folder}/)`] : [])];
  return `| ${cell(name)} | ${cell(version)} | ${cell(license)} | ${shown.join(", ")} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s+/g, " ");
}
