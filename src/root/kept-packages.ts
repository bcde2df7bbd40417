import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askAfter } from "../fetch/answering.ts";
import { poolPlaces, type DebianMirrors } from "../fetch/debian-mirrors.ts";
import { downloadPath, sizeOf } from "../fetch/downloads.ts";
import { inParallel } from "../fetch/pool.ts";
import { runCommand } from "../fetch/run-command.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import { ok, type Result } from "../failure/result.ts";
import type { LockedPackage, LockedRoot } from "../lock/lock.ts";
import type { RootRecipe } from "../recipe/schema/root.ts";
import { listed, shown } from "./apt-records.ts";
import type { AptRoot } from "./apt-root.ts";
import { compareVersions } from "./debian-version.ts";
import { field, parseStanzas, type Stanza } from "./stanza.ts";

const statusFields = [
  "Architecture",
  "Version",
  "Multi-Arch",
  "Essential",
  "Provides",
  "Depends",
  "Pre-Depends",
  "Conflicts",
  "Breaks",
  "Replaces",
];

/** A paragraph of a dpkg status file that calls the package installed. */
export function statusParagraph(stanza: Stanza): string {
  const fields = statusFields.flatMap((name) => {
    const value = stanza.get(name);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  const name = field(stanza, "Package");
  return [
    `Package: ${name}`,
    "Status: install ok installed",
    "Maintainer: none",
    ...fields,
    "Description: kept",
    "",
    "",
  ].join("\n");
}

/** Packages of an earlier resolution whose files a mirror still gives, apart from those built with one that is gone. */
async function stillThere(
  previous: LockedRoot,
  mirrors: DebianMirrors,
  context: FetchContext,
): Promise<Result<LockedPackage[]>> {
  const places = previous.packages.map((locked) =>
    poolPlaces(mirrors, { ...locked, archiveTime: locked.archiveTime ?? previous.archiveTime }),
  );
  const answers = await askAfter(places, context);
  if (!answers.ok) return answers;
  const isThere = (index: number): boolean => answers.value[index]?.present === true;
  const broken = new Set(previous.packages.filter((_, index) => !isThere(index)).map(({ source }) => source));
  return ok(previous.packages.filter(({ source }, index) => isThere(index) && !broken.has(source)));
}

/** Control paragraph of a package that no index lists any more, from its downloaded file. */
async function fromDownload(locked: LockedPackage, context: FetchContext): Promise<Stanza[]> {
  const path = downloadPath(context.cacheDir, locked.sha256);
  if ((await sizeOf(path)) !== locked.size) return [];
  const { environment, signal } = context;
  return parseStanzas((await runCommand("dpkg-deb", ["--field", path], { environment, signal })).stdout);
}

/**
 * Tells apt that what can stay of an earlier resolution is installed already, so that its solver changes no
 * more than it has to. Excluded packages count as installed too: others depend on them.
 * @returns what was told to be installed, without the excluded ones
 */
export async function keepPackages(
  apt: AptRoot,
  recipe: RootRecipe,
  previous: LockedRoot,
  mirrors: DebianMirrors,
  context: FetchContext,
): Promise<Result<LockedPackage[]>> {
  const there = await stillThere(previous, mirrors, context);
  if (!there.ok) return there;
  const versions = await listed(apt, [...there.value.map(({ name }) => name), ...recipe.exclude]);
  const known = new Set(versions.map(({ name, version }) => `${name}=${version}`));
  const isListed = ({ name, version }: LockedPackage): boolean => known.has(`${name}=${version}`);
  const excluded = recipe.exclude.flatMap((name) => {
    const newest = versions
      .filter((entry) => entry.name === name)
      .sort((a, b) => compareVersions(a.version, b.version))
      .at(-1);
    return newest === undefined ? [] : [newest];
  });
  const unlisted = there.value.filter((locked) => !isListed(locked));
  const stanzas = [
    ...(await shown(apt, [...there.value.filter(isListed), ...excluded])),
    ...(await inParallel(unlisted, 4, (locked) => fromDownload(locked, context))).flat(),
  ];
  const described = new Map(stanzas.map((stanza) => [field(stanza, "Package"), stanza]));
  const wanted = new Set(recipe.packages.map((spec) => spec.split("/")[0]));
  const automatic = [...described.keys()].filter(
    (name) => !wanted.has(name) && !recipe.exclude.includes(name),
  );
  await writeFile(join(apt.folder, "status"), [...described.values()].map(statusParagraph).join(""));
  await writeFile(
    join(apt.folder, "state", "extended_states"),
    automatic.map((name) => `Package: ${name}\nArchitecture: amd64\nAuto-Installed: 1\n\n`).join(""),
  );
  return ok(there.value.filter(({ name }) => described.has(name)));
}

/** An apt root without anything installed again. */
export async function keepNothing(apt: AptRoot): Promise<void> {
  await writeFile(join(apt.folder, "status"), "");
  await writeFile(join(apt.folder, "state", "extended_states"), "");
}
