import type { LockedPackage } from "../lock/lock.ts";
import type { AptRoot } from "./apt-root.ts";
import { field, parseStanzas, type Stanza } from "./stanza.ts";

/** A version of a package or source package, and a suite whose index lists it. */
export interface Listed {
  readonly name: string;
  readonly version: string;
  readonly suite: string;
}

/** Reads lines of `apt-cache madison`: name | version | address suite/component … */
export function parseMadison(text: string): Listed[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", version = "", place = ""] = line.split("|").map((part) => part.trim());
    const suite = /^\S+ (\S+)\/[^\s/]+(?: |$)/.exec(place)?.[1];
    return suite === undefined ? [] : [{ name, version, suite }];
  });
}

export async function listed(apt: AptRoot, names: readonly string[]): Promise<Listed[]> {
  if (names.length === 0) return [];
  return parseMadison((await apt.run("apt-cache", ["madison", ...names])).stdout);
}

/** Control paragraphs of exact versions, each of which an index has to list. */
export async function shown(
  apt: AptRoot,
  packages: readonly { name: string; version: string }[],
): Promise<Stanza[]> {
  if (packages.length === 0) return [];
  const specs = packages.map(({ name, version }) => `${name}=${version}`);
  return parseStanzas((await apt.run("apt-cache", ["show", ...specs])).stdout);
}

/** The lock's entry for a paragraph of a Packages index; undefined where the paragraph is incomplete. */
export function lockedPackage(stanza: Stanza, suite: string): LockedPackage | undefined {
  const name = field(stanza, "Package");
  const version = field(stanza, "Version");
  const source = /^(\S+)(?: \((\S+)\))?/.exec(field(stanza, "Source"));
  const builtUsing = field(stanza, "Built-Using");
  const size = Number(field(stanza, "Size"));
  const sha256 = field(stanza, "SHA256");
  if (name === "" || !(size > 0) || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return {
    name,
    version,
    architecture: field(stanza, "Architecture"),
    suite,
    source: source?.[1] ?? name,
    sourceVersion: source?.[2] ?? version,
    ...(builtUsing === "" ? {} : { builtUsing: builtUsing.replaceAll(/\s+/g, " ") }),
    pool: field(stanza, "Filename").replace(/^\.?\//, ""),
    size,
    sha256,
  };
}
