import type { Failure } from "../failure/failure.ts";
import { gplOnlySymbol, missingNamespace, noLicense, undefinedSymbol } from "./symbol-failure.ts";

type Reading = (groups: Readonly<Record<string, string>>) => Failure;

/** Messages of scripts/mod/modpost.c about modules that the kernel would not load. */
const messages: readonly (readonly [RegExp, Reading])[] = [
  [
    /^ERROR: modpost: "(?<symbol>[^"]+)" \[(?<module>.+)\.ko\] undefined!$/,
    ({ module = "", symbol = "" }) => undefinedSymbol(fileOf(module), symbol),
  ],
  [
    /^ERROR: modpost: GPL-incompatible module (?<module>.+)\.ko uses GPL-only symbol '(?<symbol>.+)'$/,
    ({ module = "", symbol = "" }) => gplOnlySymbol(fileOf(module), symbol),
  ],
  [
    /^ERROR: modpost: module (?<module>\S+) uses symbol (?<symbol>\S+) from namespace (?<namespace>.+), but does not import it\.$/,
    ({ module = "", symbol = "", namespace = "" }) => missingNamespace(fileOf(module), symbol, namespace),
  ],
  [
    /^ERROR: modpost: missing MODULE_LICENSE\(\) in (?<module>.+)\.o$/,
    ({ module = "" }) => noLicense(fileOf(module)),
  ],
];

/** What the kernel's own check of modules says in the log of a build that it ended; nothing where it was not that. */
export function modpostFailures(log: readonly string[]): Failure[] {
  return log.flatMap((line) => {
    for (const [pattern, reading] of messages) {
      const groups = pattern.exec(line)?.groups;
      if (groups) return [reading(groups)];
    }
    return [];
  });
}

function fileOf(module: string): string {
  return `${module.slice(module.lastIndexOf("/") + 1)}.ko`;
}
